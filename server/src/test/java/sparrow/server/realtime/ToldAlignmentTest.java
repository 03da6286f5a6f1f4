package sparrow.server.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A reply that may depend on its neighbours says so. */
class ToldAlignmentTest {
    @Test
    void aResponseTellsHowItWasAlignedWithOthers() {
        Talk talk = Talk.manual();
        talk.speech(0.5).commit().create();

        talk.model.asking().begin().end();

        assertThat(talk.last("response.done")
                        .at("/response/metadata/sparrow_align")
                        .asText())
                .isEqualTo("cohort");
    }
}
