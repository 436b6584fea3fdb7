// Prints the ATR of the card in a reader, through ISCard.
//
// SPDX-License-Identifier: LGPL-2.1-or-later
//
//   wine cscript //nologo atr.js "Reader name"
//
// Exit code: 0 when an ATR was printed, 1 when there is none (the output says why), 2 for wrong
// arguments. JScript passes nothing by reference, so IByteBuffer::Read has nowhere to put bytes: a
// command that holds the buffer as its reply tells the last two bytes as the status.
var SHARED = 2, T0_T1 = 3;

function hexOf(buffer) {
    var reply = new ActiveXObject("SCardSSP.CSCardCmd"), text = "", size;
    function hex(value) {
        return (value < 16 ? "0" : "") + value.toString(16).toUpperCase();
    }
    reply.ApduReply = buffer;
    for (size = reply.ApduReplyLength; size >= 2; size--) {
        buffer.SetSize(size);
        reply.ApduReply = buffer;
        text = " " + hex(reply.ReplyStatusSW2) + text;
    }
    return hex(reply.ReplyStatusSW1) + text;
}

if (WScript.Arguments.Count() !== 1) {
    WScript.Echo("Usage: cscript //nologo atr.js READER");
    WScript.Quit(2);
}
var code = 0;
try {
    var card = new ActiveXObject("SCardSSP.CSCard");
    card.AttachByReader(WScript.Arguments.Item(0), SHARED, T0_T1);
    WScript.Echo(WScript.Arguments.Item(0) + ": " + hexOf(card.Atr));
} catch (e) {
    WScript.Echo("no ATR: " + (e.description || e.message) + " ("
                 + (e.number >>> 0).toString(16).toUpperCase() + ")");
    code = 1;
}
WScript.Quit(code);
