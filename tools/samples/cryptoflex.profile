# Schlumberger's Cryptoflex 8K, over T=0: class C0, F0 for DIR and administration, answers to SELECT in
# a form of their own, fetched by GET RESPONSE; 67xx where ISO 7816-4 has 6Cxx. It is the built-in
# family flex: a profile of one's own is needed for an ATR that the family does not know.
name          = Cryptoflex 8K
base          = flex
atr           = 3B 95 15 40 xx 68 01 02 xx xx
classes       = C0 00
admin-class   = F0
answers       = 61 6C 67
select        = none
select-ladder = 00+le
layout        = flex
exact-record-length = yes
list          = A8 00 00 admin
list-length   = 4
list-fid      = 2
list-end      = 6A82
