# The Belgian identity card, applet 1.x over T=0: SELECT takes P2 = 0C only and tells nothing of the
# file. The code goes as an ISO 9564 format 2 block; VERIFY without data is not for asking. Made from
# published descriptions of the card. "scardtool cat 3F00/DF01/4031" reads the identity file.
name          = Belgian eID
base          = iso
atr           = 3B 98 13 40 0A A5 03 01 01 01 AD 13 11
atr           = 3B 98 94 40 0A A5 03 01 01 01 AD 13 10
atr           = 3B 98 94 40 FF A5 03 01 01 01 AD 13 10
classes       = 00
select-ladder = 0C
code-encoding = format-2
code-query    = no
