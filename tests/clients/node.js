// A program of Node.js for Windows: what it reads of readers and a card, by winscard.dll alone.
// SPDX-License-Identifier: LGPL-2.1-or-later
// node.exe node.js KOFFI READER EMPTY-READER: prints a line for each thing.
'use strict';

const [koffi_path, reader, empty] = process.argv.slice(2);
const koffi = require(koffi_path);
const winscard = koffi.load('winscard.dll');

koffi.struct('SCARD_IO_REQUEST', { dwProtocol: 'uint32', cbPciLength: 'uint32' });
koffi.struct('SCARD_READERSTATEW', {
    szReader: 'str16', pvUserData: 'void *', dwCurrentState: 'uint32', dwEventState: 'uint32',
    cbAtr: 'uint32', rgbAtr: koffi.array('uint8', 36)
});

const call = (prototype) => winscard.func(prototype);
const api = {
    establish: call('int32 SCardEstablishContext(uint32, void *, void *, _Out_ uintptr_t *)'),
    release: call('int32 SCardReleaseContext(uintptr_t)'),
    list: call('int32 SCardListReadersW(uintptr_t, void *, _Out_ uint8 *, _Inout_ uint32 *)'),
    connect: call('int32 SCardConnectW(uintptr_t, str16, uint32, uint32, _Out_ uintptr_t *, ' +
        '_Out_ uint32 *)'),
    disconnect: call('int32 SCardDisconnect(uintptr_t, uint32)'),
    transmit: call('int32 SCardTransmit(uintptr_t, SCARD_IO_REQUEST *, uint8 *, uint32, void *, ' +
        '_Out_ uint8 *, _Inout_ uint32 *)'),
    wait: call('int32 SCardGetStatusChangeW(uintptr_t, uint32, _Inout_ SCARD_READERSTATEW *, ' +
        'uint32)'),
    cancel: call('int32 SCardCancel(uintptr_t)')
};

const hex = (number) => (number >>> 0).toString(16).padStart(8, '0');

function works(what, result)
{
    if (result)
        throw new Error(`${what}: ${hex(result)}`);
}

// What fn leaves in a place of its own.
function value_of(fn)
{
    const out = [0];
    fn(out);
    return out[0];
}

function readers(context)
{
    const bytes = new Uint8Array(2048), length = [1024];
    works('SCardListReaders', api.list(context, null, bytes, length));
    return Buffer.from(bytes.buffer, 0, 2 * length[0]).toString('utf16le').split('\0')
        .filter((name) => name);
}

function send(card, protocol, apdu)
{
    const reply = new Uint8Array(258), length = [258], command = Uint8Array.from(apdu);
    const pci = { dwProtocol: protocol, cbPciLength: 8 };
    works('SCardTransmit',
        api.transmit(card, pci, command, command.length, null, reply, length));
    return Buffer.from(reply.buffer, 0, length[0]).toString('hex');
}

// A wait in a thread of koffi's, beside commands of this one.
async function wait_beside(context, card, protocol)
{
    const state = { szReader: empty, pvUserData: null, dwCurrentState: 0x10, dwEventState: 0,
        cbAtr: 0, rgbAtr: new Uint8Array(36) };
    const waited = new Promise((resolve, reject) => api.wait.async(context, 0xffffffff, state, 1,
        (error, result) => error ? reject(error) : resolve(result)));
    await new Promise((resolve) => setTimeout(resolve, 300));
    console.log('beside a wait', send(card, protocol, [0x00, 0xb0, 0x85, 0x00, 0x10]));
    works('SCardCancel', api.cancel(context));
    console.log('the wait', hex(await waited));
}

async function main()
{
    const context = value_of((out) => works('SCardEstablishContext',
        api.establish(0, null, null, out)));
    const protocol = [0];
    for (const name of readers(context))
        console.log('reader', name);
    const card = value_of((out) => works('SCardConnect',
        api.connect(context, reader, 2, 3, out, protocol)));
    console.log('protocol', protocol[0]);
    console.log('SELECT', send(card, protocol[0], [0x00, 0xa4, 0x00, 0x0c, 0x02, 0x3f, 0x00]));
    await wait_beside(context, card, protocol[0]);
    works('SCardDisconnect', api.disconnect(card, 0));
    works('SCardReleaseContext', api.release(context));
    console.log('disconnected again', hex(api.disconnect(card, 0)));
}

main().catch((error) => { console.log('error', error.message); process.exitCode = 1; });
