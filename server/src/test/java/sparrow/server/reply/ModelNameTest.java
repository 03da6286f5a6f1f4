package sparrow.server.reply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.server.message.RefusedException;

class ModelNameTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "gpt-realtime",
                "gpt-realtime-2.1",
                "gpt-realtime-mini-2025-10-06",
                "gpt-4o-realtime-preview",
                "gpt-4o-mini-realtime-preview-2024-12-17",
                "gpt-live-1",
                "gpt-audio",
                "gpt-audio-1.5",
                "gpt-audio-mini",
                "gpt-4o-audio-preview",
                "gpt-4o-mini-audio-preview-2024-12-17",
                "gpt-4o-mini-tts",
                "gpt-4o-transcribe",
                "gpt-4o-mini-transcribe",
                "gpt-4o-transcribe-diarize",
                "whisper-1",
                "tts-1",
                "tts-1-hd",
                "tts-1-1106"
            })
    void aModelOfOpenAisThatHearsOrSpeaksMeansTheServedOne(String name) {
        assertThat(ModelName.accept(name, "sparrow-tiny", "model"))
                .hasValue("model: sparrow-tiny answers, not " + name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "gpt-4o", "gpt-5", "gpt-", "my-gpt-realtime", "gpt-realtimes", "whisper-2", "tts-1\n"})
    void anUnknownNameIsRefused(String name) {
        assertThatThrownBy(() -> ModelName.accept(name, "sparrow-tiny", "session.model"))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.code()).isEqualTo("model_not_found"))
                .hasMessageStartingWith("session.model: expected sparrow-tiny, got ");
    }

    @Test
    void aNameThatIsTooLongToRepeatIsUnknown() {
        assertThat(ModelName.accept("gpt-audio-" + "a".repeat(54), "sparrow-tiny", "model"))
                .isPresent();
        assertThatThrownBy(() -> ModelName.accept("gpt-audio-" + "a".repeat(55), "sparrow-tiny", "model"))
                .isInstanceOf(RefusedException.class);
    }

    @Test
    void theModelsOwnNameNeedsNoCaution() {
        assertThat(ModelName.accept("whisper-1", "whisper-1", "model")).isEmpty();
    }
}
