' Prints the ATR of the card in a reader, through ISCard.
'
' SPDX-License-Identifier: LGPL-2.1-or-later
'
'   wine cscript //nologo atr.vbs                  the first reader that has a card (not with Wine's
'                                                  own VBScript: name the reader)
'   wine cscript //nologo atr.vbs "Reader name"    that reader
'   wine 'C:\windows\syswow64\cscript.exe' ...     the same as a 32-bit program
'
' Exit code: 0 when an ATR was printed, 1 when there is none (the output says why), 2 for wrong
' arguments.
'
' For scripts of one's own: objects are made by ProgID. Share modes are EXCLUSIVE 1 and SHARED 2,
' protocols T0 1, T1 2 and both 3. A buffer is read byte by byte, for a script's variable holds one
' byte. What fails sets Err.Number and Err.Description.
Option Explicit
Const SHARED = 2, T0_T1 = 3, FROM_START = 0, FROM_END = 2

Function HexOf(buffer)
    Dim size, i, b, n, text
    buffer.Seek 0, FROM_END, size
    buffer.Seek 0, FROM_START
    For i = 1 To size
        b = CByte(0)
        buffer.Read b, 1, n
        text = text & " " & Right("0" & Hex(b), 2)
    Next
    HexOf = Mid(text, 2)
End Function

' "" when the ATR was printed, else why not.
Function PrintAtr(reader)
    Dim card, text
    On Error Resume Next
    Set card = CreateObject("SCardSSP.CSCard")
    If Err.Number = 0 Then card.AttachByReader reader, SHARED, T0_T1
    If Err.Number = 0 Then text = HexOf(card.Atr)
    If Err.Number = 0 Then
        WScript.Echo reader & ": " & text
    Else
        PrintAtr = Err.Description & " (" & Hex(Err.Number) & ")"
    End If
End Function

Dim readers, reader, why
If WScript.Arguments.Count > 1 Then
    WScript.Echo "Usage: cscript //nologo atr.vbs [READER]"
    WScript.Quit 2
End If
If WScript.Arguments.Count = 1 Then
    why = PrintAtr(WScript.Arguments.Item(0))
Else
    why = "no reader"
    On Error Resume Next
    readers = CreateObject("SCardSSP.CSCardDatabase").ListReaders(0)
    If Err.Number <> 0 Then
        why = Err.Description & " (" & Hex(Err.Number) & ")"
    Else
        For Each reader In readers
            why = PrintAtr(reader)
            If why = "" Then Exit For
        Next
        ' Wine's VBScript looks only into arrays of variants; these are strings.
        If Err.Number <> 0 Then why = "name the reader: this VBScript cannot read the list of them"
    End If
End If
If why <> "" Then
    WScript.Echo "no ATR: " & why
    WScript.Quit 1
End If
