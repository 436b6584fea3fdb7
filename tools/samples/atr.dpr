// Prints the ATR of the card in a reader, through ISCard, in Delphi.
//
// SPDX-License-Identifier: LGPL-2.1-or-later
//
//   dcc32 atr.dpr
//   wine atr.exe "Reader name"
//
// ScardSsp.pas, with the declarations, is installed beside this file. Exit code: 0 when an ATR was
// printed, 1 when there is none (the output says why), 2 for wrong arguments.
program atr;

{$APPTYPE CONSOLE}

uses
  SysUtils, ComObj, ActiveX, ScardSsp;

{ The whole content of a buffer: its size by Seek, then its bytes from the start. }
procedure PrintBytes(const Buffer: IByteBuffer);
var
  Size, Count, I: Longint;
  Value: Byte;
begin
  OleCheck(Buffer.Seek(0, STREAM_SEEK_END, @Size));
  OleCheck(Buffer.Seek(0, STREAM_SEEK_SET, nil));
  for I := 1 to Size do
  begin
    OleCheck(Buffer.Read(@Value, 1, @Count));
    Write(' ', IntToHex(Value, 2));
  end;
  WriteLn;
end;

{ Interfaces are released, and the card with them, when the procedure ends. }
procedure PrintAtr(const Reader: WideString);
var
  Card: ISCard;
  Buffer: IByteBuffer;
begin
  Card := CreateComObject(CLASS_CSCard) as ISCard;
  OleCheck(Card.AttachByReader(Reader, SCARD_SHARE_MODES_SHARED,
    SCARD_PROTOCOLS_T0 or SCARD_PROTOCOLS_T1));
  OleCheck(Card.get_Atr(Buffer));
  Write(Reader, ':');
  PrintBytes(Buffer);
end;

begin
  if ParamCount <> 1 then
  begin
    WriteLn('Usage: atr READER');
    Halt(2);
  end;
  CoInitialize(nil);
  try
    PrintAtr(ParamStr(1));
  except
    on E: EOleSysError do
    begin
      WriteLn('no ATR: ', IntToHex(E.ErrorCode, 8));
      ExitCode := 1;
    end;
  end;
  CoUninitialize;
end.
