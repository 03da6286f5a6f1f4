package sparrow.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Replies put together and taken apart as the golden cases of Step-Audio-2-mini have it. */
class InterleavingTest {
    private final Interleaving interleaving = new Interleaving(StepAudio2.INTERLEAVE, StepAudio2.TOKENS);

    @Test
    void repliesArePutTogetherAsTheServingCodeDoes() throws IOException {
        JsonNode cases = StepAudio2.json("interleave.json").get("interleave");

        assertThat(cases).hasSize(9);
        for (JsonNode reply : cases) {
            int[] text = StepAudio2.ints(reply.get("text_ids"));
            int[] codes = Arrays.stream(StepAudio2.ints(reply.get("audio_ids")))
                    .map(id -> id - StepAudio2.TOKENS.speechOffset())
                    .toArray();
            assertThat(interleaving.join(text, codes)).isEqualTo(StepAudio2.ints(reply.get("interleaved")));
        }
    }

    @Test
    void repliesAreTakenApartAsTheOfficialSplitDoes() throws IOException {
        JsonNode cases = StepAudio2.json("interleave.json");
        // The official split does not know what ends a reply: its caller has dropped the last id.
        TokenSpace tokens = StepAudio2.tokens(Set.of());

        for (JsonNode reply : cases.get("interleave")) {
            int[] ids = StepAudio2.ints(reply.get("interleaved"));
            assertSplit(tokens, ids, reply);
            // The official codes are those of the padding too, which the vocoder does not get.
            assertThat(Arrays.stream(ids).filter(tokens::isSpeech).map(id -> id - tokens.speechOffset()))
                    .containsExactly(Arrays.stream(StepAudio2.ints(reply.get("split_audio_codes")))
                            .boxed()
                            .toArray(Integer[]::new));
        }
        assertThat(cases.get("split")).hasSize(3);
        for (JsonNode reply : cases.get("split")) assertSplit(tokens, StepAudio2.ints(reply.get("ids")), reply);
    }

    private static void assertSplit(TokenSpace tokens, int[] ids, JsonNode expected) {
        assertThat(tokens.text(ids)).isEqualTo(StepAudio2.ints(expected.get("split_text_ids")));
        assertThat(tokens.codes(ids)).isEqualTo(StepAudio2.ints(expected.get("vocoder_codes")));
    }

    @Test
    void endTokenIsNoText() {
        assertThat(StepAudio2.TOKENS.text(new int[] {5, 570, StepAudio2.END})).containsExactly(5, 570);
    }

    @Test
    void whatIsNoTextOrNoCodeIsRefused() {
        assertThatThrownBy(() -> interleaving.join(new int[] {1, 601}, new int[] {1}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("interleaving: expected text tokens, got id 601");
        assertThatThrownBy(() -> interleaving.join(new int[] {1}, new int[] {0, 81}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("interleaving: expected codes from 0 to 80, got 81");
        TokenSpace plain = new TokenSpace(530, 512, 1042, Set.of(512));
        assertThatThrownBy(() -> new Interleaving(new InterleaveFormat(13, 26), plain))
                .hasMessage("interleaving: the vocabulary has no speech marks");
        SpeechTokens unpadded = new SpeechTokens(609, 81, 81, Optional.of(StepAudio2.MARKS));
        assertThatThrownBy(() -> new Interleaving(
                        StepAudio2.INTERLEAVE, new TokenSpace(601, unpadded, 705, Set.of(StepAudio2.END))))
                .hasMessage("interleaving: the vocabulary has no audio padding");
    }
}
