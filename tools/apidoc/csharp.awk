# Writes C# declarations of the types, interfaces and classes that idl.awk has read.
# SPDX-License-Identifier: LGPL-2.1-or-later

BEGIN {
    # Types by value; an enum keeps its name.
    plain["LONG"] = "int"
    plain["DWORD"] = plain["UINT"] = "uint"
    plain["WORD"] = "ushort"
    plain["BYTE"] = "byte"
    plain["LONG_PTR"] = plain["HGLOBAL"] = "IntPtr"
    plain["HSCARD"] = plain["HSCARDCONTEXT"] = plain["HSCARD_FILE"] = "UIntPtr"
    plain["ULARGE_INTEGER"] = "ulong"
    plain["BSTR"] = "string"
    plain["SAFEARRAY(BSTR)"] = "string[]"
    plain["SAFEARRAY(BYTE)"] = "byte[]"
    how["BSTR"] = "MarshalAs(UnmanagedType.BStr)"
    how["SAFEARRAY(BSTR)"] = \
        "MarshalAs(UnmanagedType.SafeArray, SafeArraySubType = VarEnum.VT_BSTR)"
    how["SAFEARRAY(BYTE)"] = "MarshalAs(UnmanagedType.SafeArray, SafeArraySubType = VarEnum.VT_UI1)"
    plain["IUnknown *"] = "object"
    how["IUnknown *"] = "MarshalAs(UnmanagedType.IUnknown)"
    plain["IStream *"] = "IStream"
}

# The C# type of what is passed, "" for a pointer that only IntPtr can be.
function managed(string)
{
    if (string in plain)
        return plain[string]
    if (("enum " string) in docs || string == "STATSTRUCT")
        return string
    if (string ~ /^I[A-Z][A-Za-z0-9]+ \*$/)
        return substr(string, 1, length(string) - 2)
    return ""
}

function marshalling(string)
{
    return string in how ? how[string] : ""
}

function in_brackets(string)
{
    return string == "" ? "" : "[" string "] "
}

# One parameter that is not the result.
function parameter_of(key, n,    way, string, inner)
{
    way = direction(key, n)
    string = type[key, n]
    inner = pointed_at(string)
    if (string == "BYTE *" && way != "out" && part[key, n] != "pMem")
        return "[In, Out, MarshalAs(UnmanagedType.LPArray)] byte[] " part[key, n]
    if (way == "in" && managed(string) != "")
        return in_brackets(marshalling(string)) managed(string) " " part[key, n]
    if (way == "in" && string == "LONG *" && part[key, n] == "plLe")
        return "ref int plLe"
    if (way == "in" && string == "GUID *")
        return "ref Guid " part[key, n]
    if (way != "in" && managed(inner) != "")
        return in_brackets(marshalling(inner)) (way == "out" ? "out " : "ref ") managed(inner) " " \
            part[key, n]
    return (way == "in" ? "IntPtr " : "ref IntPtr ") part[key, n]
}

function method_of(full,    key, n, list, result, inner)
{
    key = "method " full
    result = "void"
    for (n = 0; n < parts[key]; n++) {
        if (direction(key, n) == "out, retval") {
            inner = pointed_at(type[key, n])
            result = managed(inner) == "" ? "IntPtr" : managed(inner)
            if (marshalling(inner) != "")
                print "        [return: " marshalling(inner) "]"
        } else {
            list = list (list == "" ? "" : ", ") parameter_of(key, n)
        }
    }
    print "        [DispId(" dispid[key] ")]"
    print "        " result " " short_name(full) "(" list ");"
}

function begin_type(key)
{
    print ""
    print "    /// <summary>" xml(text[key, 0]) "</summary>"
}

function xml(string)
{
    gsub(/&/, "\\&amp;", string)
    gsub(/</, "\\&lt;", string)
    gsub(/>/, "\\&gt;", string)
    return string
}

function tell_enum(key,    n, label)
{
    label = substr(key, 6)
    begin_type(key)
    if (label ~ /FLAGS$|PROTOCOLS$/)
        print "    [Flags]"
    print "    public enum " label
    print "    {"
    for (n = 0; n < parts[key]; n++)
        print "        " part[key, n] " = " value[key, n] ","
    print "    }"
}

function tell_struct(key,    n, member)
{
    begin_type(key)
    print "    [StructLayout(LayoutKind.Sequential)]"
    print "    public struct " substr(key, 8)
    print "    {"
    for (n = 0; n < parts[key]; n++) {
        member = managed(type[key, n])
        print "        public " (member == "" ? "IntPtr" : member) " " part[key, n] ";"
    }
    print "    }"
}

# Those that a C name stands for.
function tell_results(    key, n)
{
    key = "page scardssp-results"
    print ""
    print "    /// <summary>Results, as COMException.ErrorCode has them.</summary>"
    print "    public static class Results"
    print "    {"
    for (n = 0; n < docs[key]; n++)
        if (name[key, n] in number && name[key, n] !~ /\(/)
            print "        public const int " name[key, n] " = unchecked((int)" \
                number[name[key, n]] ");"
    print "    }"
}

function tell_interface(label,    n)
{
    begin_type("interface " label)
    print "    [ComImport, Guid(\"" uuid["interface " label] "\")]"
    print "    [InterfaceType(ComInterfaceType.InterfaceIsDual)]"
    print "    public interface " label
    print "    {"
    for (n = 0; n < methods[label]; n++)
        method_of(method[label, n])
    print "    }"
}

END {
    print "// C# declarations of the smart card COM classes."
    print "// Made by tools/apidoc from include/*.idl."
    print "// SPDX-License-Identifier: LGPL-2.1-or-later"
    print "//"
    print "// The order of the methods is the vtable's. Failures are COMExceptions. An IntPtr"
    print "// stands for memory that Marshal reads, and Marshal.FreeCoTaskMem frees."
    print "// scardssp.html tells the rest."
    print ""
    print "using System;"
    print "using System.Runtime.InteropServices;"
    print "using System.Runtime.InteropServices.ComTypes;"
    print ""
    print "namespace ScardSsp"
    print "{"
    for (n = 0; n < owners; n++)
        if (owner[n] ~ /^enum /)
            tell_enum(owner[n])
        else if (owner[n] ~ /^struct /)
            tell_struct(owner[n])
    tell_results()
    for (n = 0; n < interfaces; n++)
        tell_interface(interface[n])
    for (n = 0; n < classes; n++) {
        print ""
        print "    [ComImport, Guid(\"" uuid["class " class[n]] "\")]"
        print "    public class " class[n]
        print "    {"
        print "    }"
    }
    print "}"
}
