package sparrow.bench.voice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import sparrow.bench.harness.ForcedReply;
import sparrow.bench.voice.WholeAnswer.Piece;
import sparrow.engine.interleave.Unit;
import sparrow.models.OpenOptions;
import sparrow.models.SpokenModels;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/** What is measured with: replies in the format of a model, and what a listener hears of pieces of sound. */
class ForcedReplyTest {
    @Test
    void textAndSpeechAlternateAndNothingEndsTheReply() throws IOException {
        try (var pool = new ComputePool(1);
                var model = SpokenModels.bundled(
                        new OpenOptions(Optional.empty(), Optional.empty()), Kernels.create(pool))) {
            var tokens = model.languageModel().tokens();
            ForcedReply reply = ForcedReply.of(model.languageModel(), 30);

            int[] ids = reply.units().stream()
                    .mapToInt(unit -> ((Unit.Token) unit).id())
                    .toArray();
            assertThat(tokens.codes(ids)).hasSize(30);
            assertThat(ids).hasSize(13 + 26 + 13 + 4);
            assertThat(Arrays.stream(ids, 0, 13)).allMatch(tokens::isText);
            assertThat(Arrays.stream(ids, 13, 39)).allMatch(tokens::isSpeech);
            assertThat(Arrays.stream(ids, 39, 52)).allMatch(tokens::isText);
            assertThat(Arrays.stream(ids)).noneMatch(tokens::isEnd);
        }
    }

    @Test
    void aListenerWaitsForWhatComesTooLate() {
        // From second 1 on: a second of sound, heard to its end at 2; the next comes at 2.5, the last while it is
        // heard.
        List<Piece> pieces = List.of(new Piece(1, 100), new Piece(2.5, 300), new Piece(4, 100));

        assertThat(WholeAnswer.pauses(pieces, 100)).isEqualTo(0.5);
        assertThat(WholeAnswer.pauses(List.of(), 100)).isZero();
        assertThat(WholeAnswer.pauses(List.of(new Piece(9, 1)), 100)).isZero();
    }
}
