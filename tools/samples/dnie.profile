# As the Spanish DNIe, over T=0: files are selected one by one by their identifiers, applications and
# the MF ("Master.File") by name; SELECT does not tell sizes in the way of ISO 7816-4. What the card
# protects it gives over secure messaging only, which is not here. Made from published descriptions.
name          = DNIe
base          = iso
atr           = 3B 7F xx 00 00 00 6A 44 4E 49 65 xx xx xx xx xx xx 03 90 00
classes       = 00
select        = name
select-ladder = 00+le
code-query    = no
