' What a script can do with the classes: every member whose types it can pass, by ProgID.
'
' SPDX-License-Identifier: LGPL-2.1-or-later
'
' Run by tests/e2e/automation.sh. Arguments: the reader with the card iso-t1. The last line counts.
Option Explicit
Dim passed, failed, reader, what
passed = 0 : failed = 0

Sub Check(condition, text)
    If condition Then
        passed = passed + 1
    Else
        failed = failed + 1
        WScript.Echo "check.vbs: failed: " & text
    End If
End Sub

' No error since the last call.
Sub Succeeds(text)
    Check Err.Number = 0, text & ": error " & Hex(Err.Number) & " " & Err.Description
    Err.Clear
End Sub

' VBScript gives DISP_E_ codes numbers of its own.
Sub Fails(number, text)
    Check Err.Number = number, text & ": error " & Hex(Err.Number) & ", not " & Hex(number)
    Err.Clear
End Sub

Sub Equal(got, expected, text)
    Check got = expected, text & ": " & got & ", not " & expected
End Sub

Const BAD_CALL = 5, OVERFLOW = 6, TYPE_MISMATCH = 13
' What a method itself says arrives as it is.
Const DENIED = &H80070005, BAD_ARGUMENT = &H80070057
Const NO_MEMBER = 438, WRONG_COUNT = 450, NO_SUCH_TYPE = 458
Const UNKNOWN_READER = &H80100009, NOT_ATTACHED = &H80100003

Function BufferOf(bytes)
    Dim buffer, i, b, n
    Set buffer = CreateObject("SCardSSP.CByteBuffer.1")
    For i = 1 To Len(bytes) Step 2
        b = CByte("&H" & Mid(bytes, i, 2))
        buffer.Write b, 1, n
    Next
    Set BufferOf = buffer
End Function

Function HexOf(buffer)
    Dim size, i, b, n, text
    buffer.Seek 0, 2, size
    buffer.Seek 0, 0
    For i = 1 To size
        b = CByte(0)
        buffer.Read b, 1, n
        text = text & Right("0" & Hex(b), 2)
    Next
    HexOf = text
End Function

Sub TestBuffer
    Dim buffer, other, b, n, p
    On Error Resume Next
    Set buffer = BufferOf("3F005000")
    Succeeds "Write"
    Equal HexOf(buffer), "3F005000", "content"
    buffer.Seek 0, 0
    buffer.CopyTo other, 3, n, p
    Succeeds "CopyTo"
    Equal n, 3, "CopyTo, read" : Equal p, 3, "CopyTo, written"
    Equal HexOf(other), "3F0050", "CopyTo, content"
    Set other = Nothing
    buffer.Seek 0, 0
    buffer.CopyTo other, 2
    Succeeds "CopyTo without counts"
    Equal HexOf(other), "3F00", "CopyTo without counts, content"
    Set other = Nothing
    buffer.Clone other
    Succeeds "Clone"
    Equal HexOf(other), "3F005000", "Clone, content"
    buffer.Seek 1, 0, p
    Equal p, 1, "Seek"
    buffer.SetSize 2
    Succeeds "SetSize"
    buffer.Commit 0
    Succeeds "Commit"
    Equal HexOf(buffer), "3F00", "SetSize, content"
    buffer.Initialize
    Succeeds "Initialize"
    Equal HexOf(buffer), "00", "Initialize, content"
    buffer.Initialize 3
    Equal HexOf(buffer), "000000", "Initialize 3, content"
    b = CByte(&HA5)
    buffer.Initialize 1, b
    Succeeds "Initialize with a byte"
    Equal HexOf(buffer), "A5", "Initialize with a byte, content"
    Err.Clear
    buffer.Initialize 5, b : Fails BAD_CALL, "Initialize, five bytes of one"
    buffer.Write b, 2, n : Fails BAD_CALL, "Write, two bytes of one"
    buffer.Read b, 2, n : Fails BAD_CALL, "Read, two bytes into one"
    buffer.Read "text", 1, n : Fails TYPE_MISMATCH, "Read into a text"
    buffer.Seek 0 : Fails WRONG_COUNT, "Seek with one argument"
    buffer.Seek 0, 0, p, 1 : Fails WRONG_COUNT, "Seek with four arguments"
    buffer.SetSize "text" : Fails TYPE_MISMATCH, "SetSize with a text"
    buffer.Seek -1, 0 : Check Err.Number <> 0, "Seek before the start" : Err.Clear
    buffer.NoSuchMethod : Fails NO_MEMBER, "no such method"
End Sub

Sub TestTypeConv
    Dim conv, bytes, buffer
    On Error Resume Next
    Set conv = CreateObject("SCardSSP.CSCardTypeConv")
    Succeeds "CSCardTypeConv"
    bytes = conv.ConvertByteBufferToSafeArray(BufferOf("0102FF"))
    Succeeds "ConvertByteBufferToSafeArray"
    Equal VarType(bytes), 8192 + 17, "type of the array"
    Set buffer = conv.ConvertSafeArrayToByteBuffer(bytes)
    Succeeds "ConvertSafeArrayToByteBuffer"
    Equal HexOf(buffer), "0102FF", "there and back"
    Set buffer = conv.CreateByteBuffer(4)
    Succeeds "CreateByteBuffer"
    Equal HexOf(buffer), "00000000", "CreateByteBuffer, content"
    Equal HexOf(conv.ConvertSafeArrayToByteBuffer(conv.CreateSafeArray(2))), "0000", _
        "CreateSafeArray"
    Err.Clear
    conv.ConvertSafeArrayToByteBuffer 5 : Fails TYPE_MISMATCH, "a number as an array"
    conv.ConvertByteBufferToSafeArray conv : Fails TYPE_MISMATCH, "a converter as a buffer"
End Sub

Sub TestCmd
    Dim cmd, buffer, x
    On Error Resume Next
    Set cmd = CreateObject("SCardSSP.CSCardCmd")
    cmd.BuildCmd 0, &HA4
    Succeeds "BuildCmd"
    Equal cmd.ApduLength, 4, "ApduLength"
    cmd.BuildCmd 0, &HB0, 1, 2, , 16
    Succeeds "BuildCmd without data"
    Equal HexOf(cmd.Apdu), "00B0010210", "BuildCmd without data, APDU"
    cmd.BuildCmd 0, &HB0, , , Nothing, 16
    Succeeds "BuildCmd with Nothing"
    Equal HexOf(cmd.Apdu), "00B0000010", "BuildCmd with Nothing, APDU"
    Set buffer = BufferOf("3F00")
    cmd.BuildCmd 0, &HA4, 0, 0, buffer
    Equal HexOf(cmd.Apdu), "00A40000023F00", "APDU"
    Equal cmd.Type, 3, "Type" : Equal cmd.P3, 2, "P3" : Equal cmd.LeField, 0, "LeField"
    Equal HexOf(cmd.Data), "3F00", "Data"
    cmd.ClassId = &H80 : cmd.InstructionId = &HCA : cmd.P1 = 5 : cmd.P2 = 6
    Succeeds "properties"
    Equal cmd.ClassId, &H80, "ClassId" : Equal cmd.InstructionId, &HCA, "InstructionId"
    Equal cmd.P1, 5, "P1" : Equal cmd.P2, 6, "P2"
    Set cmd.Data = BufferOf("010203") : Succeeds "Set Data"
    Equal HexOf(cmd.Apdu), "80CA050603010203", "APDU after Set Data"
    cmd.Data = BufferOf("01") : Succeeds "Data"
    Equal HexOf(cmd.Apdu), "80CA05060101", "APDU after Data"
    cmd.Apdu = BufferOf("00840000") : Succeeds "Apdu"
    Equal cmd.InstructionId, &H84, "InstructionId after Apdu"
    x = cmd : Succeeds "the default member"
    Equal HexOf(x), "00840000", "Apdu as the default member"
    cmd.ReplyStatus = &H6A82& : Succeeds "ReplyStatus"
    Equal cmd.ReplyStatusSW1, &H6A, "ReplyStatusSW1"
    Equal cmd.ReplyStatusSW2, &H82, "ReplyStatusSW2"
    cmd.ApduReply = BufferOf("019000") : Succeeds "ApduReply"
    Equal cmd.ApduReplyLength, 3, "ApduReplyLength"
    Equal HexOf(cmd.ApduReply), "019000", "ApduReply, content"
    cmd.Nad = 17 : Equal cmd.Nad, 17, "Nad"
    Err.Clear
    x = cmd.AlternateClassId : Fails DENIED, "AlternateClassId before it is set"
    cmd.AlternateClassId = &HA0 : Equal cmd.AlternateClassId, &HA0, "AlternateClassId"
    cmd.Encapsulate BufferOf("00B0000010"), 4 : Succeeds "Encapsulate"
    Equal cmd.InstructionId, &HC2, "InstructionId of the envelope"
    cmd.Clear : Succeeds "Clear"
    cmd.P1 = 256 : Fails OVERFLOW, "P1 = 256"
    cmd.P1 = "text" : Fails TYPE_MISMATCH, "P1 = text"
    cmd.P3 = 1 : Fails NO_MEMBER, "P3 can only be read"
    cmd.BuildCmd 0 : Fails WRONG_COUNT, "BuildCmd with one argument"
    cmd.BuildCmd 0, 1, 2, 3, cmd : Fails TYPE_MISMATCH, "a command as data"
    cmd.Apdu = BufferOf("00A4") : Fails BAD_ARGUMENT, "half an APDU"
End Sub

Sub TestISO7816
    Dim iso, rows, row, cmd, buffer, expected, i
    On Error Resume Next
    Set iso = CreateObject("SCardSSP.CSCardISO7816")
    Set buffer = BufferOf("0102")
    iso.AppendRecord 8, buffer, cmd : Equal HexOf(cmd.Apdu), "00E20008020102", "AppendRecord"
    iso.EraseBinary 0, 1, buffer, cmd : Equal HexOf(cmd.Apdu), "000E0001020102", "EraseBinary"
    iso.ExternalAuthenticate 1, 2, buffer, cmd
    Equal HexOf(cmd.Apdu), "00820102020102", "ExternalAuthenticate"
    iso.GetChallenge 8, cmd : Equal HexOf(cmd.Apdu), "0084000008", "GetChallenge"
    iso.GetData 1, 2, 3, cmd : Equal HexOf(cmd.Apdu), "00CA010203", "GetData"
    iso.GetResponse 0, 0, 4, cmd : Equal HexOf(cmd.Apdu), "00C0000004", "GetResponse"
    iso.InternalAuthenticate 1, 2, buffer, 8, cmd
    Equal HexOf(cmd.Apdu), "0088010202010208", "InternalAuthenticate"
    iso.PutData 1, 2, buffer, cmd : Equal HexOf(cmd.Apdu), "00DA0102020102", "PutData"
    iso.ReadBinary 0, 0, 16, cmd : Equal HexOf(cmd.Apdu), "00B0000010", "ReadBinary"
    iso.ReadRecord 1, 4, 16, cmd : Equal HexOf(cmd.Apdu), "00B2010410", "ReadRecord"
    iso.SelectFile 0, 0, buffer, 0, cmd : Equal HexOf(cmd.Apdu), "00A40000020102", "SelectFile"
    iso.UpdateBinary 0, 0, buffer, cmd : Equal HexOf(cmd.Apdu), "00D60000020102", "UpdateBinary"
    iso.UpdateRecord 1, 4, buffer, cmd : Equal HexOf(cmd.Apdu), "00DC0104020102", "UpdateRecord"
    iso.Verify 1, buffer, cmd : Equal HexOf(cmd.Apdu), "00200001020102", "Verify"
    iso.WriteBinary 0, 0, buffer, cmd : Equal HexOf(cmd.Apdu), "00D00000020102", "WriteBinary"
    iso.WriteRecord 1, 4, buffer, cmd : Equal HexOf(cmd.Apdu), "00D20104020102", "WriteRecord"
    iso.ManageChannel 0, 0, cmd : Equal cmd.InstructionId, &H70, "ManageChannel"
    iso.SetDefaultClassId &HA0
    iso.ReadBinary 0, 0, 1, cmd : Equal HexOf(cmd.Apdu), "A0B0000001", "SetDefaultClassId"
    Succeeds "CSCardISO7816"
    iso.ReadBinary 0, 0, -1, cmd : Fails BAD_ARGUMENT, "ReadBinary of -1 bytes"
    iso.ReadBinary 0, 0, 1 : Fails WRONG_COUNT, "ReadBinary without a command"
    iso.ReadBinary 0, 0, 1, 5 : Fails TYPE_MISMATCH, "ReadBinary into a number"
    iso.ReadBinary 0, 0, 1, buffer : Fails TYPE_MISMATCH, "ReadBinary into a buffer"
End Sub

Sub TestCard
    Dim card, cmd, handle
    On Error Resume Next
    Set card = CreateObject("SCardSSP.CSCard")
    Succeeds "CSCard"
    card.AttachByReader reader, 2, 3
    Succeeds "AttachByReader"
    Equal Left(HexOf(card.Atr), 4), "3B87", "Atr"
    Check card.Status >= 2, "Status" : Equal card.Protocol, 2, "Protocol"
    handle = card : Succeeds "the default member of a card"
    Equal Left(HexOf(handle), 4), "3B87", "Atr as the default member"
    handle = card.CardHandle
    ' Of a 64-bit program they are numbers that VBScript can pass on, but not compare.
    Check VarType(handle) > 1, "CardHandle" : Check VarType(card.Context) > 1, "Context"
    card.AttachByHandle handle : Succeeds "AttachByHandle"
    card.LockSCard : Succeeds "LockSCard"
    card.UnlockSCard : Succeeds "UnlockSCard"
    card.ReAttach 2 : Succeeds "ReAttach"
    Set cmd = CreateObject("SCardSSP.CSCardCmd")
    cmd.BuildCmd 0, &HA4, 0, 0, BufferOf("3F00")
    card.Transaction cmd : Succeeds "Transaction"
    Check cmd.ReplyStatusSW1 = &H90 Or cmd.ReplyStatusSW1 = &H61, "SELECT MF"
    card.Detach : Succeeds "Detach"
    card.Transaction cmd : Check Err.Number <> 0, "Transaction while detached" : Err.Clear
    card.AttachByReader "No such reader"
    Equal Err.Description, "SCARD_E_UNKNOWN_READER", "Description"
    Equal Err.Source, "SCardSSP.ISCard", "Source"
    Fails UNKNOWN_READER, "unknown reader"
    card.AttachByReader : Fails WRONG_COUNT, "AttachByReader without a reader"
    card.AttachByReader reader, "text" : Fails TYPE_MISMATCH, "a text as share mode"
    card.Detach 0, 0 : Fails WRONG_COUNT, "Detach with two arguments"
    card.Status = 1 : Fails NO_MEMBER, "Status can only be read"
End Sub

Sub TestDatabase
    Dim database, list
    On Error Resume Next
    Set database = CreateObject("SCardSSP.CSCardDatabase")
    list = database.ListReaders(0) : Succeeds "ListReaders"
    Equal VarType(list), 8192 + 8, "type of the list"
    list = database.ListReaderGroups(0) : Succeeds "ListReaderGroups"
    list = database.ListCards(Nothing, Nothing, 0) : Succeeds "ListCards"
    Equal VarType(list), 8192 + 8, "type of the list of cards"
    database.ListCardInterfaces "No such card" : Fails &H8010000D, "ListCardInterfaces"
    database.ListReaders : Fails WRONG_COUNT, "ListReaders without a locale"
End Sub

Sub TestManage
    Dim manage, files, state, protocol, file, count, content
    On Error Resume Next
    Set manage = CreateObject("SCardSSP.SCardManage")
    manage.AttachByIFD reader, 2 : Succeeds "AttachByIFD"
    manage.Status state, protocol : Succeeds "Status"
    Check state >= 2 And protocol = 2, "Status"
    manage.SCardLock : Succeeds "SCardLock"
    manage.SCardUnlock : Succeeds "SCardUnlock"
    manage.Reconnect : Succeeds "Reconnect"
    Set files = manage.CreateFileAccess() : Succeeds "CreateFileAccess"
    Equal TypeName(manage.CreateCardAuth()), "ISCardAuth", "CreateCardAuth"
    Equal TypeName(manage.CreateCHVerification()), "ISCardVerify", "CreateCHVerification"
    Equal files.GetCurrentDir(), "3F00", "GetCurrentDir"
    files.ChangeDir 1, "5000" : Succeeds "ChangeDir"
    Equal files.GetCurrentDir(), "3F00/5000", "GetCurrentDir"
    file = files.Open(1, "3F00/2F05") : Succeeds "Open"
    count = 5
    files.Read file, count, content, 0 : Succeeds "Read"
    Equal count, 5, "bytes read" : Equal Len(HexOf(content)), 10, "content"
    files.Seek file, 0, 0 : Succeeds "Seek"
    files.Close file : Succeeds "Close"
    files.Open 1, "3F00/7777" : Check Err.Number <> 0, "Open of a file that is not there"
    Err.Clear
    files.Open 1 : Fails WRONG_COUNT, "Open without a name"
    manage.Detach : Succeeds "Detach"
End Sub

' Lists that one method gives are passed on to another; no variable of a script holds a SCARDINFO.
Sub TestLocate
    Dim locate, database, readers, groups, cards, interfaces, info
    On Error Resume Next
    Set database = CreateObject("SCardSSP.CSCardDatabase")
    Set locate = CreateObject("SCardSSP.CSCardLocate")
    Succeeds "CSCardLocate"
    cards = database.ListCards(Nothing, Nothing, 0)
    groups = database.ListReaderGroups(0)
    locate.ConfigureCardNameSearch cards : Succeeds "ConfigureCardNameSearch with a list"
    locate.ConfigureCardNameSearch cards, groups, "A title", 2
    Succeeds "ConfigureCardNameSearch with groups"
    locate.ConfigureCardNameSearch database.ListCards(Nothing, Nothing, 0), , "A title", 2
    Succeeds "ConfigureCardNameSearch without groups"
    info = locate.FindCard(2, 3, 2) : Fails NO_SUCH_TYPE, "FindCard, which gives a SCARDINFO"
    locate.ConfigureCardGuidSearch cards : Fails BAD_ARGUMENT, "names as GUIDs"
    interfaces = database.ListCardInterfaces("Schlumberger Cryptoflex 8K")
    Succeeds "ListCardInterfaces"
    locate.ConfigureCardGuidSearch interfaces, groups, "A title", 2
    Succeeds "ConfigureCardGuidSearch"
    cards = database.ListCards(Nothing, interfaces, 0) : Succeeds "ListCards with interfaces"
    database.GetProviderCardId "Schlumberger Cryptoflex 8K"
    Fails NO_SUCH_TYPE, "GetProviderCardId, which gives a pointer to a GUID"
    locate.ConfigureCardNameSearch "a text" : Fails TYPE_MISMATCH, "a text as a list"
    locate.ConfigureCardNameSearch cards, groups, "A title", 7 : Fails BAD_ARGUMENT, "flags"
    locate.ConfigureCardNameSearch : Fails WRONG_COUNT, "ConfigureCardNameSearch without a list"
    locate.FindCard 2, 3 : Fails WRONG_COUNT, "FindCard without flags"
End Sub

Function Attached
    Set Attached = CreateObject("SCardSSP.SCardManage")
    Attached.AttachByIFD reader, 2
End Function

Sub TestVerify
    Dim manage, verify, ref
    On Error Resume Next
    Set manage = Attached
    Set verify = manage.CreateCHVerification()
    ref = 1
    verify.Verify BufferOf("31323334"), 0, ref : Succeeds "Verify"
    verify.Verify BufferOf("31323334"), 0, 1 : Succeeds "Verify with a number"
    verify.ChangeCode BufferOf("31323334"), BufferOf("34333231"), 0, 1 : Succeeds "ChangeCode"
    verify.Verify BufferOf("31323334"), 0, 1 : Fails &H8010006B, "Verify with the old code"
    verify.Verify BufferOf("34333231"), 0, 1 : Succeeds "Verify with the new code"
    verify.ChangeCode BufferOf("34333231"), BufferOf("31323334"), 0, 1 : Succeeds "back again"
    verify.ResetSecurityState 0 : Succeeds "ResetSecurityState"
    verify.Unblock 0, 0, 1 : Check Err.Number <> 0, "Unblock without its code" : Err.Clear
    verify.Verify BufferOf("31323334"), 0, 1 : Succeeds "Verify again"
    verify.Verify Nothing, 0, 1 : Check Err.Number <> 0, "Verify without a code" : Err.Clear
    verify.Verify "1234", 0, 1 : Fails TYPE_MISMATCH, "Verify with a text"
    verify.Verify BufferOf("31323334") : Fails WRONG_COUNT, "Verify with a code alone"
End Sub

Sub TestAuth
    Dim manage, auth, count, answer
    On Error Resume Next
    Set manage = Attached
    Set auth = manage.CreateCardAuth()
    count = 8
    auth.GetChallenge 0, Nothing, count, answer : Succeeds "GetChallenge"
    Equal count, 8, "bytes of the challenge" : Equal Len(HexOf(answer)), 16, "the challenge"
    Set answer = BufferOf("0011223344556677")
    count = 8
    auth.ICC_Auth 0, BufferOf("01"), count, answer : Succeeds "ICC_Auth"
    Equal HexOf(answer), "023764A1C6FB2875", "ICC_Auth, answer"
    Set answer = BufferOf("31323334")
    count = 0
    auth.User_Auth 0, BufferOf("01"), count, answer : Succeeds "User_Auth"
    auth.APP_Auth 0, BufferOf("01"), BufferOf("0000000000000000")
    Check Err.Number <> 0, "APP_Auth with the wrong answer" : Err.Clear
    auth.GetChallenge 0, Nothing : Fails WRONG_COUNT, "GetChallenge without a count"
    auth.APP_Auth 0, BufferOf("01"), manage : Fails TYPE_MISMATCH, "APP_Auth with another object"
End Sub

' Create, SetProperties, GetProperties and GetFileCapabilities take pointers to TLV_TABLE, which a
' script has not: NULL and a number are refused, and nothing happens.
Sub TestFiles
    Dim manage, files, file, count, content, names
    On Error Resume Next
    Set manage = Attached
    Set files = manage.CreateFileAccess()
    file = files.Open(1, "3F00/2F05")
    files.Seek file, 4, 0 : Succeeds "Seek"
    files.Write file, 3, BufferOf("A1A2A3"), 0 : Succeeds "Write"
    files.Seek file, 3, 0
    count = 5
    files.Read file, count, content, 0
    Equal HexOf(content), "03A1A2A307", "what was written"
    files.Write file, 4, BufferOf("A1A2A3"), 0
    Check Err.Number <> 0, "Write of more than there is" : Err.Clear
    files.Seek file, 4, 0
    files.Write file, 3, BufferOf("040506"), 0 : Succeeds "Write back"
    files.Close file
    names = files.Directory(0) : Succeeds "Directory"
    Equal VarType(names), 8192 + 8, "type of the directory"
    files.ChangeDir 0, "#A00000000102" : Succeeds "ChangeDir by name"
    files.Invalidate "3F00/2F06", 0 : Succeeds "Invalidate"
    files.Rehabilitate "3F00/2F06", 0 : Succeeds "Rehabilitate"
    files.Delete 1, "3F00/7777", 0 : Check Err.Number <> 0, "Delete of nothing" : Err.Clear
    count = 0
    files.Create 1, "3F00/6F01", Nothing, count, 0, Nothing
    Check Err.Number <> 0, "Create without a table" : Err.Clear
    files.SetProperties 1, "3F00/2F05", Nothing, 0, 0
    Check Err.Number <> 0, "SetProperties without a table" : Err.Clear
    files.SetProperties 1, "3F00/2F05", 5, 1, 0
    Check Err.Number <> 0, "SetProperties with a number" : Err.Clear
    files.Open 1, "3F00/6F01" : Check Err.Number <> 0, "something was created" : Err.Clear
End Sub

reader = WScript.Arguments.Item(0)
TestBuffer
TestTypeConv
TestCmd
TestISO7816
TestCard
TestDatabase
TestManage
TestLocate
TestVerify
TestAuth
TestFiles
WScript.Echo passed & " passed, " & failed & " failed, 0 skipped"
WScript.Quit -(failed > 0)
