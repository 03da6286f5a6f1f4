package sparrow.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sparrow.tensor.kernel.SelfCheck.Jvm.Flag;
import sparrow.tensor.kernel.SelfCheck.Jvm.VectorModule;

/** Warnings about JVMs that no test can be started in; the tests of the app start the others. */
class SelfCheckTest {
    private static final String HOTSPOT = "OpenJDK 64-Bit Server VM";

    @TempDir
    private Path folder;

    private static SelfCheck.Jvm jvm(String name, String info, Map<String, Flag> given, int preferred, int used) {
        Map<String, Flag> flags = new HashMap<>(Map.of(
                "UseCompiler", new Flag("true", false),
                "TieredStopAtLevel", new Flag("4", false),
                "UseAVX", new Flag("3", false),
                "MaxVectorSize", new Flag("64", false)));
        flags.putAll(given);
        return new SelfCheck.Jvm(name, info, flags, preferred, used, OptionalInt.of(512));
    }

    @Test
    void nothingIsSaidOfAnOrdinaryJvm() {
        assertThat(SelfCheck.slow(jvm(HOTSPOT, "mixed mode, sharing", Map.of(), 512, 512)))
                .isEmpty();
    }

    @Test
    void narrowerVectorsThatTheJvmChoseItselfAreNoMistake() {
        assertThat(SelfCheck.slow(jvm(HOTSPOT, "mixed mode", Map.of(), 256, 256)))
                .isEmpty();
        assertThat(SelfCheck.slow(jvm(HOTSPOT, "mixed mode", Map.of("UseAVX", new Flag("3", true)), 512, 128)))
                .isEmpty();
    }

    @Test
    void narrowerVectorsThatAreAskedForAreNamedWithTheirOptions() {
        Map<String, Flag> given = Map.of("UseAVX", new Flag("2", true), "MaxVectorSize", new Flag("16", true));

        assertThat(SelfCheck.slow(jvm(HOTSPOT, "mixed mode", given, 128, 128)))
                .contains("this JVM uses vectors of 128 bits on a processor with 512: start java without"
                        + " -XX:UseAVX=2 and -XX:MaxVectorSize=16");
    }

    @Test
    void imitatedWideVectorsAreNamed() {
        assertThat(SelfCheck.slow(jvm(HOTSPOT, "mixed mode", Map.of(), 256, 512)))
                .hasValueSatisfying(line -> assertThat(line)
                        .contains("this JVM has 256 and emulates wider ones")
                        .endsWith("omit --set vector-bits=512 or -Dsparrow.vectorBits=512"));
    }

    @Test
    void virtualMachinesWithoutC2AreNamed() {
        assertThat(SelfCheck.slow(jvm("Eclipse OpenJ9 VM", "JRE 25", Map.of(), 128, 128)))
                .hasValueSatisfying(line -> assertThat(line)
                        .startsWith("this JVM (Eclipse OpenJ9 VM) has no C2 compiler")
                        .endsWith("use a JDK 25 with the HotSpot Server VM"));
        assertThat(SelfCheck.slow(
                        jvm(HOTSPOT, "mixed mode", Map.of("UseJVMCICompiler", new Flag("true", false)), 512, 512)))
                .hasValueSatisfying(line -> assertThat(line).contains("-XX:-UseJVMCICompiler"));
    }

    @Test
    void missingVectorApiIsToldFromAJavaThatHasNone() {
        assertThat(SelfCheck.missing(VectorModule.LOADED, "25")).isEmpty();
        assertThat(SelfCheck.missing(VectorModule.NOT_ADDED, "25"))
                .hasValueSatisfying(line -> assertThat(line).contains("--add-modules jdk.incubator.vector"));
        assertThat(SelfCheck.missing(VectorModule.NOT_IN_THIS_JAVA, "27"))
                .hasValueSatisfying(line -> assertThat(line)
                        .contains("in this Java (27): use a full JDK 25")
                        .doesNotContain("--add-modules"));
    }

    @Test
    void thisJvmShowsItsFlags() {
        SelfCheck.Jvm here = SelfCheck.Jvm.here();

        assertThat(here.vmName()).isNotBlank();
        assertThat(here.flags()).containsKeys("UseCompiler", "TieredStopAtLevel", "MaxVectorSize");
        assertThat(here.preferredBits()).isPositive();
    }
}
