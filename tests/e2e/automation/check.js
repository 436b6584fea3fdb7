// What JScript can do with the classes: no variables by reference, and of arrays only those of
// variants can be looked into (Wine's VBArray has that limit), but all can be passed on.
//
// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Run by tests/e2e/automation.sh. Argument: the reader with the card iso-t1. The last line counts.
var passed = 0, failed = 0;
var reader = WScript.Arguments.Item(0);

function check(condition, text) {
    if (condition) {
        passed++;
    } else {
        failed++;
        WScript.Echo("check.js: failed: " + text);
    }
}

function equal(got, expected, text) {
    check(got === expected, text + ": " + got + ", not " + expected);
}

// number: of the Error, 0 for any
function fails(number, text, call) {
    try {
        call();
        check(false, text + ": no error");
    } catch (e) {
        check(!number || (e.number >>> 0) === number,
              text + ": error " + (e.number >>> 0).toString(16) + ", not " + number.toString(16));
    }
}

// That a value comes; Wine's JScript cannot even tell the type of such an array.
function gives(text, call) {
    try {
        call();
        passed++;
    } catch (e) {
        check(false, text + ": error " + (e.number >>> 0).toString(16));
    }
}

var converter = new ActiveXObject("SCardSSP.CSCardTypeConv.1");

// The bytes of a buffer, through the status words of a reply that is cut shorter and shorter.
function hexOf(buffer) {
    var bytes = converter.ConvertByteBufferToSafeArray(buffer);
    var copy = converter.ConvertSafeArrayToByteBuffer(bytes);
    var reply = new ActiveXObject("SCardSSP.CSCardCmd"), text = "", size, byteAt;
    reply.ApduReply = copy;
    for (size = reply.ApduReplyLength; size >= 2; size--) {
        copy.SetSize(size);
        reply.ApduReply = copy;
        byteAt = reply.ReplyStatusSW2;
        text = (byteAt < 16 ? "0" : "") + byteAt.toString(16).toUpperCase() + text;
    }
    byteAt = reply.ReplyStatusSW1;
    return (byteAt < 16 ? "0" : "") + byteAt.toString(16).toUpperCase() + text;
}

// A command made of numbers alone gives a buffer with bytes in it.
function selectMf() {
    var cmd = new ActiveXObject("SCardSSP.CSCardCmd");
    cmd.BuildCmd(0, 0xA4, 0, 0, null, 0);
    return cmd;
}

function testBuffer() {
    var buffer = converter.CreateByteBuffer(3);
    equal(hexOf(buffer), "000000", "CreateByteBuffer");
    buffer.SetSize(2);
    equal(hexOf(buffer), "0000", "SetSize");
    buffer.Initialize(4);
    equal(hexOf(buffer), "00000000", "Initialize");
    fails(0x800A01B6, "no such method", function () { buffer.NoSuchMethod(); });
    fails(0x8002000E, "SetSize without a size", function () { buffer.SetSize(); });
    fails(0x8002000E, "SetSize with two", function () { buffer.SetSize(1, 2); });
    fails(0x80020005, "SetSize with a text", function () { buffer.SetSize("text"); });
}

function testCmd() {
    var cmd = selectMf();
    equal(cmd.ApduLength, 4, "ApduLength");
    equal(hexOf(cmd.Apdu), "00A40000", "Apdu");
    cmd.BuildCmd(0, 0xB0, 1, 2, null, 16);
    equal(hexOf(cmd.Apdu), "00B0010210", "BuildCmd with null as data");
    cmd.BuildCmd(0, 0xB0);
    equal(hexOf(cmd.Apdu), "00B00000", "BuildCmd with two arguments");
    cmd.P1 = 0x7F;
    equal(cmd.P1, 0x7F, "P1");
    cmd.Apdu = selectMf().Apdu;
    equal(cmd.InstructionId, 0xA4, "Apdu assigned");
    cmd.ReplyStatus = 0x6A82;
    equal(cmd.ReplyStatusSW1, 0x6A, "ReplyStatusSW1");
    fails(0, "P1 = 256", function () { cmd.P1 = 256; });
    fails(0x80020005, "a number as data", function () { cmd.Data = 5; });
    fails(0, "AlternateClassId before it is set", function () { return cmd.AlternateClassId; });
}

function testCard() {
    var card = new ActiveXObject("SCardSSP.CSCard.1"), handle;
    card.AttachByReader(reader, 2, 3);
    equal(hexOf(card.Atr).substr(0, 2), "3B", "Atr");
    equal(card.Protocol, 2, "Protocol");
    check(card.Status >= 2, "Status");
    handle = card.CardHandle;
    card.AttachByHandle(handle);
    equal(card.CardHandle, handle, "CardHandle");
    card.LockSCard();
    card.UnlockSCard();
    card.Detach();
    try {
        card.AttachByReader("No such reader");
        check(false, "an unknown reader");
    } catch (e) {
        equal(e.number >>> 0, 0x80100009, "number");
        equal(e.description || e.message, "SCARD_E_UNKNOWN_READER", "description");
    }
    fails(0x8002000E, "AttachByReader without a reader", function () { card.AttachByReader(); });
}

function testDatabase() {
    var database = new ActiveXObject("SCardSSP.CSCardDatabase");
    gives("ListReaders", function () { database.ListReaders(0); });
    gives("ListReaderGroups", function () { database.ListReaderGroups(0); });
    gives("ListCards", function () { database.ListCards(null, null, 0); });
    fails(0x8010000D, "an unknown card", function () { database.ListCardInterfaces("No such"); });
}

function testManage() {
    var manage = new ActiveXObject("SCardSSP.SCardManage"), files, file;
    manage.AttachByIFD(reader, 2);
    manage.SCardLock();
    manage.SCardUnlock();
    manage.Reconnect();
    files = manage.CreateFileAccess();
    equal(files.GetCurrentDir(), "3F00", "GetCurrentDir");
    file = files.Open(1, "3F00/2F05");
    files.Seek(file, 0, 0);
    fails(0x80004001, "Directory of a card that lists nothing",
          function () { files.Directory(2); });
    files.Close(file);
    fails(0, "Open of nothing", function () { files.Open(1, "3F00/7777"); });
    manage.Detach();
    fails(0x80100003, "Reconnect while detached", function () { manage.Reconnect(); });
}

function attached() {
    var manage = new ActiveXObject("SCardSSP.SCardManage");
    manage.AttachByIFD(reader, 2);
    return manage;
}

// A buffer of the four bytes of a command without data.
function four(a, b, c, d) {
    var cmd = new ActiveXObject("SCardSSP.CSCardCmd");
    cmd.BuildCmd(a, b, c, d);
    return cmd.Apdu;
}

function testLocate() {
    var database = new ActiveXObject("SCardSSP.CSCardDatabase");
    var locate = new ActiveXObject("SCardSSP.CSCardLocate");
    gives("a search by names", function () {
        locate.ConfigureCardNameSearch(database.ListCards(null, null, 0),
                                       database.ListReaderGroups(0), "A title", 2);
    });
    gives("a search by names alone", function () {
        locate.ConfigureCardNameSearch(database.ListCards(null, null, 0));
    });
    gives("a search by interfaces", function () {
        locate.ConfigureCardGuidSearch(database.ListCardInterfaces("Schlumberger Cryptoflex 8K"));
    });
    fails(0, "names as GUIDs", function () {
        locate.ConfigureCardGuidSearch(database.ListCards(null, null, 0));
    });
    fails(0x80020005, "a text as a list", function () { locate.ConfigureCardNameSearch("text"); });
    fails(0, "FindCard, which gives a SCARDINFO", function () { locate.FindCard(2, 3, 2); });
}

function testVerify() {
    var manage = attached(), verify = manage.CreateCHVerification();
    var oldCode = four(0x31, 0x32, 0x33, 0x34), newCode = four(0x34, 0x33, 0x32, 0x31);
    verify.Verify(oldCode, 0, 1);
    verify.ChangeCode(oldCode, newCode, 0, 1);
    fails(0x8010006B, "Verify with the old code", function () { verify.Verify(oldCode, 0, 1); });
    verify.Verify(newCode, 0, 1);
    verify.ChangeCode(newCode, oldCode, 0, 1);
    verify.ResetSecurityState(0);
    verify.Verify(oldCode, 0, 1);
    fails(0, "Verify without a code", function () { verify.Verify(null, 0, 1); });
    fails(0x80020005, "Verify with a text", function () { verify.Verify("1234", 0, 1); });
}

function testFiles() {
    var manage = attached(), files = manage.CreateFileAccess(), file;
    file = files.Open(1, "3F00/2F05");
    files.Write(file, 4, four(0xA0, 0xA1, 0xA2, 0xA3), 0);
    files.Seek(file, 0, 0);
    files.Write(file, 4, four(0, 1, 2, 3), 0);
    fails(0, "Write of more than there is",
          function () { files.Write(file, 5, four(0, 1, 2, 3), 0); });
    files.Close(file);
    files.Invalidate("3F00/2F06", 0);
    files.Rehabilitate("3F00/2F06", 0);
    gives("Directory", function () { files.Directory(0); });
    fails(0, "SetProperties without a table",
          function () { files.SetProperties(1, "3F00/2F05", null, 0, 0); });
    fails(0, "APP_Auth with the wrong answer", function () {
        manage.CreateCardAuth().APP_Auth(0x0100, null, four(0, 0, 0, 0));
    });
}

// An error that it does not expect itself is a failure, and the rest goes on.
function step(test, text) {
    try {
        test();
        passed++;
    } catch (e) {
        check(false, text + ": error " + (e.number >>> 0).toString(16) + " " + e.message);
    }
}

testBuffer();
testCmd();
testCard();
testDatabase();
testManage();
step(testLocate, "ISCardLocate");
step(testVerify, "ISCardVerify");
step(testFiles, "ISCardFileAccess");
WScript.Echo(passed + " passed, " + failed + " failed, 0 skipped");
WScript.Quit(failed > 0 ? 1 : 0);
