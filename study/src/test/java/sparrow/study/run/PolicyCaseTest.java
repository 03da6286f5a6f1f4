package sparrow.study.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.engine.exit.ExitPlan;
import sparrow.study.folder.RunJson;

class PolicyCaseTest {
    @ParameterizedTest
    @ValueSource(strings = {"none", "even:12", "text=conf:36:0.5,speech=even:36", "fixed:38+copy", "even:12+verify"})
    void travelsAsItsNameAndItsNotation(String notation) throws Exception {
        PolicyCase one = new PolicyCase("G4", ExitPlan.parse(notation));

        String json = RunJson.text(one);

        assertThat(json).contains("\"policies\" : \"" + notation + "\"");
        assertThat(RunJson.read(
                        Path.of("case.json"),
                        RunJson.tree(json.getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                        PolicyCase.class))
                .isEqualTo(one)
                .hasToString("G4 " + notation);
    }

    @Test
    void hasNoNameIfItIsTyped() {
        assertThat(PolicyCase.parse("even:12"))
                .hasToString("even:12")
                .isEqualTo(new PolicyCase("", ExitPlan.parse("even:12")));
    }
}
