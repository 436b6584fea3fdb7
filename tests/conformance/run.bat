@echo off
rem Runs the conformance kit of scardssp; README.txt tells what for.
rem SPDX-License-Identifier: LGPL-2.1-or-later
rem run.bat ["READER" ["EMPTY READER"]]: their names as Windows has them
setlocal
rem Of a share too, which cd does not take.
pushd "%~dp0"
if not exist programs.txt goto wrong
if not "%~1"=="" set "SCARDSSP_TEST_READER=%~1"
if not "%~2"=="" set "SCARDSSP_TEST_READER2=%~2"

rem The results lie in this folder or, where it cannot be written to, in that of temporary files.
set "out=%~dp0"
if exist "%out%one.txt" del /f "%out%one.txt"
copy /y version.txt "%out%one.txt" > nul 2> nul
if not exist "%out%one.txt" set "out=%TEMP%\"
set "one=%out%one.txt"
set "results=%out%results.txt"
if exist "%one%" del /f "%one%"
> "%results%" type version.txt
ver >> "%results%"
>> "%results%" echo reader "%SCARDSSP_TEST_READER%"

set widths=32
if "%PROCESSOR_ARCHITECTURE%"=="AMD64" set widths=32 64
if "%PROCESSOR_ARCHITEW6432%"=="AMD64" set widths=32 64
for %%w in (%widths%) do for /f "tokens=1,2" %%p in (programs.txt) do call :program %%w %%p %%q
popd
echo Done: "%results%"
goto end

rem WIDTH PROGRAM DLL: a program that judges that DLL
:program
set folder=%SystemRoot%\system32
if %1==32 if exist "%SystemRoot%\syswow64\kernel32.dll" set folder=%SystemRoot%\syswow64
if %1==64 if not "%PROCESSOR_ARCHITEW6432%"=="" set folder=%SystemRoot%\sysnative
>> "%results%" echo == %2 %1
set name=%2
set name=%1\%name:/=-%.exe
if not exist %name% goto missing
if not exist "%folder%\%3.dll" goto absent
echo %2, %1 bits
%name% --quiet --facts --log "%one%"
if not exist "%one%" >> "%results%" echo ended with %ERRORLEVEL% before it wrote anything
if exist "%one%" type "%one%" >> "%results%"
if exist "%one%" del "%one%"
goto end

:missing
>> "%results%" echo absent: the program
goto end

:absent
>> "%results%" echo absent: %3.dll
goto end

:wrong
popd
echo Unpack the whole archive first, and run this from its folder.

:end
