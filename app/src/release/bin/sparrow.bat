@echo off
rem Starts Sparrow with the Java that lies beside it; needs nothing else.
rem Environment: SPARROW_JAVA_OPTS (more JVM options).
setlocal
set "here=%~dp0.."
"%here%\runtime\bin\java" --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED -XX:+UseSerialGC ^
    -cp "%here%\lib\*" %SPARROW_JAVA_OPTS% sparrow.app.Main %*
