package sparrow.models.tiny;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** The bundled model is another artifact: there, or missed in one line. */
class BundledModelFilesTest {
    @Test
    void liesInAFolderWhereItIsBuilt() throws IOException {
        assertThat(Files.size(BundledModel.folder().resolve("lm/model.safetensors")))
                .isGreaterThan(1_000_000);
    }

    @Test
    void whatToPutOnTheClassPathIsSaid() throws IOException {
        try (URLClassLoader nothing = new URLClassLoader(new URL[0], null)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> BundledModel.folder(nothing))
                    .withMessage("bundled model: not on the class path; expected the artifact"
                            + " io.github.sparrow-slm:sparrow-bundled there, or a model that is named");
        }
    }
}
