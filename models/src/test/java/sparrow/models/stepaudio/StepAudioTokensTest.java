package sparrow.models.stepaudio;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sparrow.formats.BadFileException;

/** Ids of a tokenizer that has more tokens than the embedding has rows. */
class StepAudioTokensTest {
    @ParameterizedTest
    @CsvSource({"600, <audio_0>, 609", "700, <audio_95>, 704"})
    void aTokenWithoutARowIsRefusedByItsName(int rows, String token, int id) {
        assertThatThrownBy(() -> StepAudioTokens.of(StepGolden.TOKENIZER, rows, StepGolden.CHECKPOINT))
                .isInstanceOf(BadFileException.class)
                .hasMessage(StepGolden.CHECKPOINT + ": added token " + token + ": has id " + id + ", but the model has "
                        + rows + " ids");
    }
}
