package sparrow.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.entry;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Settings in files and on command lines; a secret is in a file that only its owner can read. */
class SparkPropertiesTest {
    @TempDir
    private Path folder;

    @Test
    void fileIsReadAsSparkReadsIt() throws Exception {
        Path file = Files.writeString(folder.resolve("p"), "# mine\nspark.a   x y \nspark.b=z\n");

        assertThat(SparkProperties.read(file)).containsExactly(entry("spark.a", "x y"), entry("spark.b", "z"));
    }

    @Test
    void secretThatOthersCanReadIsRefused() throws Exception {
        Path file = StandaloneCluster.secretFile(folder.resolve("p"), "s");
        assertThat(SparkProperties.read(file)).containsEntry("spark.authenticate.secret", "s");

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> SparkProperties.read(file))
                .withMessage(file
                        + ": has spark.authenticate.secret and can be read by others; expected mode 600 (chmod 600 "
                        + file + ")");
    }

    @Test
    void keyThatIsNotSparksIsRefused() throws Exception {
        Path file = Files.writeString(folder.resolve("p"), "sprak.a x\n");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> SparkProperties.read(file))
                .withMessage(file + ": expected keys that begin with spark., found \"sprak.a\"");
    }

    @Test
    void pairIsKeyAndValue() {
        assertThat(SparkProperties.parse("spark.a=x=y")).isEqualTo(entry("spark.a", "x=y"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SparkProperties.parse("spark.a"))
                .withMessage("expected spark.KEY=VALUE, got \"spark.a\"");
    }

    @Test
    void secretIsNotTakenFromACommandLineAndNotRepeated() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SparkProperties.parse("spark.authenticate.secret=hush"))
                .withMessageStartingWith("spark.authenticate.secret does not belong on a command line")
                .withMessageNotContaining("hush");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SparkProperties.parse("spark.authenticate.secret hush"))
                .withMessageNotContaining("hush");
    }
}
