package sparrow.models.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.engine.interleave.InterleaveFormat;
import sparrow.engine.interleave.TokenSpace;
import sparrow.formats.BadFileException;
import sparrow.formats.weights.Gguf;
import sparrow.formats.weights.GgufValue;
import sparrow.formats.weights.GgufWriter;
import sparrow.formats.weights.TensorDescription;
import sparrow.models.SpokenModels;
import sparrow.tensor.DType;

/** What ids mean, written into a file and read back. */
class VoiceKeysTest {
    private static final int VOCABULARY = 168_960;

    @TempDir
    private Path folder;

    static List<PublishedModel> published() {
        return SpokenModels.published().stream()
                .filter(model -> model.tokens().codes() > 0)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("published")
    void idsAndInterleaveOfBothFamiliesComeBack(PublishedModel model) throws IOException {
        try (Gguf gguf = file(VoiceKeys.of(model.tokens(), model.interleave()))) {
            assertThat(VoiceKeys.in(gguf)).isTrue();
            assertThat(VoiceKeys.tokens(gguf, VOCABULARY)).isEqualTo(model.tokens());
            assertThat(VoiceKeys.interleave(gguf)).isEqualTo(model.interleave());
        }
    }

    @Test
    void thePlainKindNeedsNoMoreKeysThanItsFilesAlwaysHad() throws IOException {
        TokenSpace plain = new TokenSpace(530, 512, 1042, Set.of(512));

        Map<String, GgufValue> keys = VoiceKeys.of(plain, new InterleaveFormat(13, 26));

        assertThat(keys)
                .containsOnlyKeys(
                        "sparrow.speech_offset",
                        "sparrow.speech_tokens",
                        "sparrow.usable_tokens",
                        "sparrow.end_tokens",
                        "sparrow.interleave");
        try (Gguf gguf = file(keys)) {
            assertThat(VoiceKeys.tokens(gguf, VOCABULARY)).isEqualTo(plain);
        }
    }

    @Test
    void marksThatAreNoMarksAreRefused() throws IOException {
        refused("sparrow.speech_marks", new GgufValue.Integers(List.of(1, 2)))
                .hasMessageEndingWith(
                        "key sparrow.speech_marks: expected three ids: start, end and text padding, found" + " [1, 2]");
        refused("sparrow.speech_marks", new GgufValue.Integers(List.of(151_693, 151_696, 151_695)))
                .hasMessageEndingWith(
                        "speech marks: expected ids from 151688 to 158351 that are not speech tokens, got 151696");
        refused("sparrow.speech_marks", new GgufValue.Integers(List.of(151_693, 151_693, 151_695)))
                .hasMessageEndingWith(
                        "speech marks: expected three different ids of 0 or more, got 151693, 151693 and 151695");
        refused("sparrow.speech_marks", new GgufValue.Integers(List.of(5, 151_694, 151_695)))
                .hasMessageEndingWith(
                        "speech marks: expected ids from 151688 to 158351 that are not speech tokens, got 5");
        refused("sparrow.speech_codes", new GgufValue.Whole(6657)).hasMessageContaining("6656 tokens for 6657 codes");
        refused("sparrow.text_tokens", new GgufValue.Whole(151_697))
                .hasMessageContaining("text tokens: expected 0 to the 151696 ids before speech, got 151697");
        refused("sparrow.speech_offset", new GgufValue.Whole(Integer.MAX_VALUE))
                .hasMessageContaining("do not fit the 158352 usable ids");
    }

    private AbstractThrowableAssert<?, ?> refused(String key, GgufValue value) throws IOException {
        PublishedModel step = SpokenModels.published("step-audio-2-mini");
        Map<String, GgufValue> keys = new LinkedHashMap<>(VoiceKeys.of(step.tokens(), step.interleave()));
        keys.put(key, value);
        try (Gguf gguf = file(keys)) {
            return assertThatThrownBy(() -> VoiceKeys.tokens(gguf, VOCABULARY)).isInstanceOf(BadFileException.class);
        }
    }

    private Gguf file(Map<String, GgufValue> keys) throws IOException {
        Path file = folder.resolve("keys.gguf");
        TensorDescription tensor = new TensorDescription("output_norm.weight", DType.F32, List.of(4));
        GgufWriter.write(file, keys, List.of(tensor), (norm, to) -> norm.write(new float[4], to));
        return Gguf.open(file);
    }
}
