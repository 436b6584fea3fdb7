# UICCs (SIM, USIM) of ETSI TS 102 221 by class 00, over T=0: SELECT tells information by P2 = 04 only
# and has no P1 = 02; codes have 8 bytes filled with FF, those of an application 80 in P2. EF.DIR
# (3F00/2F00) has the applications' names. Made from the standard.
name          = UICC
base          = iso
atr           = 3B 9F xx 80 1F Cx 80 31 A0 73 BE 21 xx xx xx xx xx xx xx xx xx xx
classes       = 00
select        = child parent name path
select-ladder = 04+le 0C
exact-record-length = yes
code-padding  = 8 FF
code-local    = 80
