@echo off
rem Starts Sparrow with the Java that lies beside it; needs nothing else.
rem Environment: SPARROW_JAVA_OPTS (more JVM options).
setlocal
set "here=%~dp0.."
rem A server gives back the memory of a peak; the rest needs one thread of collection.
set "collector=-XX:+UseSerialGC"
if "%~1"=="serve" set "collector=-XX:+UseG1GC -XX:G1PeriodicGCInterval=30000 -XX:-G1PeriodicGCInvokesConcurrent"
"%here%\runtime\bin\java" --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED %collector% ^
    -cp "%here%\lib\*" %SPARROW_JAVA_OPTS% sparrow.app.Main %*
