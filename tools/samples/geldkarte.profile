# German Geldkarten and girocards (SECCOS) over T=1: nearly all files have records, most have short
# identifiers. Behind "ec" (65 63) the ATR tells chip and version. Made from published descriptions.
# #A00000005945430100/0104 is what is left in the purse.
name          = Geldkarte
base          = iso
atr           = 3B FF 18 00 FF 81 31 FE 45 65 63 xx xx xx xx xx xx xx xx xx xx xx xx xx xx
atr           = 3B EF 00 FF 81 31 FE 45 65 63 xx xx xx xx xx xx xx xx xx xx xx xx xx xx
classes       = 00
select-ladder = 04+le 0C
code-encoding = format-2
code-query    = no
