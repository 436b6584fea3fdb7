# Writes a Delphi unit with the types, interfaces and classes that idl.awk has read.
# SPDX-License-Identifier: LGPL-2.1-or-later

BEGIN {
    # Types by value; enums and structures keep their names.
    plain["LONG"] = "Longint"
    plain["DWORD"] = plain["UINT"] = "LongWord"
    plain["WORD"] = "Word"
    plain["BYTE"] = "Byte"
    plain["HGLOBAL"] = plain["LONG_PTR"] = "Pointer"
    plain["HSCARD"] = plain["HSCARDCONTEXT"] = plain["HSCARD_FILE"] = "TSCardHandle"
    plain["ULARGE_INTEGER"] = "Int64"
    plain["BSTR"] = "WideString"
    plain["GUID"] = "TGUID"
    plain["SAFEARRAY(BSTR)"] = plain["SAFEARRAY(BYTE)"] = "PSafeArray"
    plain["IUnknown *"] = "IUnknown"
    plain["IStream *"] = "IStream"
    plain["BYTE *"] = "PByte"
    plain["LONG *"] = "PLongint"
    plain["GUID *"] = "PGUID"
    # Words of the language, and names that are types in any case of letters.
    reserved["Type"] = reserved["type"] = "Type_"
    reserved["FileType"] = "FileType_"
    reserved["SeekType"] = "SeekType_"
    reserved["pByte"] = "pByte_"
}

function pascal_type(string)
{
    if (string in plain)
        return plain[string]
    if (string ~ /^I[A-Z][A-Za-z0-9]+ \*$/)
        return substr(string, 1, length(string) - 2)
    if (string ~ /^[A-Z_]+ \*$/)
        return "P" substr(string, 1, length(string) - 2)
    return string
}

function pascal_name(string)
{
    return string in reserved ? reserved[string] : string
}

# Pointers that may be NULL stay pointers.
function parameter_of(key, n,    way, string)
{
    way = direction(key, n)
    string = type[key, n]
    if (way == "in" || string ~ /^BYTE \*$/ || attributes[key, n] ~ /unique/)
        return (string == "BSTR" ? "const " : "") pascal_name(part[key, n]) ": " pascal_type(string)
    return (way == "in, out" ? "var " : "out ") pascal_name(part[key, n]) ": " \
        pascal_type(pointed_at(string))
}

function method_of(full,    key, n)
{
    key = "method " full
    printf "    function %s", pascal_name(short_name(full))
    for (n = 0; n < parts[key]; n++)
        printf "%s%s", n ? "; " : "(", parameter_of(key, n)
    print (parts[key] ? ")" : "") ": HResult; stdcall;"
}

function begin_type(key)
{
    print ""
    print "  // " text[key, 0]
}

function tell_enum(key,    n, label)
{
    label = substr(key, 6)
    begin_type(key)
    print "  " label " = LongWord;"
    print "const"
    for (n = 0; n < parts[key]; n++) {
        sub(/^0x/, "$", value[key, n])
        print "  " label "_" part[key, n] " = " value[key, n] ";"
    }
    print "type"
}

function tell_struct(key,    n, label)
{
    label = substr(key, 8)
    begin_type(key)
    print "  P" label " = ^" label ";"
    print "  " label " = record"
    for (n = 0; n < parts[key]; n++)
        print "    " pascal_name(part[key, n]) ": " pascal_type(type[key, n]) ";"
    print "  end;"
}

# Those that Delphi's own units do not have.
function tell_results(    key, n)
{
    key = "page scardssp-results"
    for (n = 0; n < docs[key]; n++)
        if (name[key, n] in number && name[key, n] ~ /^SCARD_/)
            print "  " name[key, n] " = HResult($" substr(number[name[key, n]], 3) ");"
}

function tell_interface(label,    n)
{
    begin_type("interface " label)
    print "  " label " = interface(IDispatch)"
    print "    ['{" uuid["interface " label] "}']"
    for (n = 0; n < methods[label]; n++)
        method_of(method[label, n])
    print "  end;"
}

END {
    print "// Delphi declarations of the smart card COM classes."
    print "// Made by tools/apidoc from include/*.idl."
    print "// SPDX-License-Identifier: LGPL-2.1-or-later"
    print "//"
    print "// Constants of enumerations begin with the type's name. scardssp.html tells the rest."
    print ""
    print "unit ScardSsp;"
    print ""
    print "interface"
    print ""
    print "uses Windows, ActiveX;"
    print ""
    print "const"
    for (n = 0; n < classes; n++)
        print "  CLASS_" class[n] ": TGUID = '{" uuid["class " class[n]] "}';"
    print ""
    tell_results()
    print ""
    print "type"
    print "  // As wide as a pointer."
    print "  TSCardHandle = {$IFDEF WIN64}UInt64{$ELSE}LongWord{$ENDIF};"
    for (n = 0; n < owners; n++)
        if (owner[n] ~ /^enum /)
            tell_enum(owner[n])
        else if (owner[n] ~ /^struct /)
            tell_struct(owner[n])
    print ""
    for (n = 0; n < interfaces; n++)
        print "  " interface[n] " = interface;"
    for (n = 0; n < interfaces; n++)
        tell_interface(interface[n])
    print ""
    print "implementation"
    print ""
    print "end."
}
