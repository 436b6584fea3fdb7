# A card that wants codes of 8 bytes, filled with FF, and takes only P2 = 0C in SELECT. PROFILES.md
# tells all keys; "scardtool profile check FILE" tells which line is wrong.
name          = Example card
base          = iso
atr           = 3B 6F 00 00 80 31 E0 6B xx xx xx xx xx xx xx xx xx 90 00
select-ladder = 0C
code-padding  = 8 FF
code-query    = no
