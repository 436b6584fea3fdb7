// Prints the ATR of the card in a reader, through ISCard, in C#.
//
// SPDX-License-Identifier: LGPL-2.1-or-later
//
//   mcs -platform:x86 atr.cs ScardSsp.cs
//   wine atr.exe "Reader name"
//
// ScardSsp.cs, with the declarations, is installed beside this file; Wine needs Wine Mono. Exit
// code: 0 when an ATR was printed, 1 when there is none (the output says why), 2 for wrong
// arguments.

using System;
using System.Runtime.InteropServices;
using ScardSsp;

public static class Program
{
    // The whole content of a buffer: its size by Seek, then its bytes from the start.
    private static byte[] BytesOf(IByteBuffer buffer)
    {
        int size = 0, start = 0, count = 0;
        buffer.Seek(0, 2, ref size);
        buffer.Seek(0, 0, ref start);
        byte[] bytes = new byte[size];
        buffer.Read(bytes, size, ref count);
        return bytes;
    }

    public static int Main(string[] args)
    {
        if (args.Length != 1)
        {
            Console.WriteLine("Usage: atr READER");
            return 2;
        }
        try
        {
            ISCard card = (ISCard)new CSCard();
            card.AttachByReader(args[0], SCARD_SHARE_MODES.SHARED,
                                SCARD_PROTOCOLS.T0 | SCARD_PROTOCOLS.T1);
            byte[] atr = BytesOf(card.get_Atr());
            Console.WriteLine(args[0] + ": " + BitConverter.ToString(atr).Replace('-', ' '));
            // The card is free now, and not when the garbage collector comes.
            card.Detach(SCARD_DISPOSITIONS.LEAVE);
            return 0;
        }
        catch (COMException e)
        {
            Console.WriteLine("no ATR: " + e.ErrorCode.ToString("X8"));
            return 1;
        }
    }
}
