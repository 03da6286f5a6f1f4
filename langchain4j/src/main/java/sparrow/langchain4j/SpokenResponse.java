package sparrow.langchain4j;

import dev.langchain4j.data.audio.Audio;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import sparrow.engine.reply.StopReason;
import sparrow.models.SpokenModel;
import sparrow.models.pool.PooledReply;
import sparrow.speech.wave.SampleFormat;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;

/** Collects a reply's audio and builds LangChain4j's response. */
final class SpokenResponse {
    private final SpokenModel model;
    private final List<float[]> pieces = new ArrayList<>();

    SpokenResponse(SpokenModel model) {
        this.model = model;
    }

    void speech(float[] samples) {
        pieces.add(samples);
    }

    /**
     * Returns the response for a reply that has ended.
     *
     * @throws IllegalStateException if the reply was cancelled because the pool was closed
     */
    ChatResponse of(PooledReply reply) {
        if (reply.reply().stop() == StopReason.CANCELLED) {
            throw new IllegalStateException("the reply was cancelled: the pool is closed");
        }
        int decided = reply.reply().steps().size();
        return ChatResponse.builder()
                .id("sparrow-" + UUID.randomUUID())
                .modelName(model.name())
                .aiMessage(AiMessage.builder()
                        .text(reply.text())
                        .attributes(Map.of(
                                AiMessage.GENERATED_AUDIO_KEY,
                                List.of(audio()),
                                StoredUnits.UNITS_KEY,
                                StoredUnits.of(reply.units())))
                        .build())
                .tokenUsage(new TokenUsage(reply.prompt().tokens(), decided))
                .finishReason(reason(reply.reply().stop()))
                .build();
    }

    private Audio audio() {
        float[] samples =
                new float[pieces.stream().mapToInt(piece -> piece.length).sum()];
        int at = 0;
        for (float[] piece : pieces) {
            System.arraycopy(piece, 0, samples, at, piece.length);
            at += piece.length;
        }
        Waveform speech = new Waveform(samples, model.synthesizer().sampleRateHz());
        return Audio.builder()
                .binaryData(WavFile.bytes(speech, SampleFormat.PCM16))
                .mimeType("audio/wav")
                .build();
    }

    private static FinishReason reason(StopReason stop) {
        return switch (stop) {
            case END_TOKEN -> FinishReason.STOP;
            case NEW_TOKENS, SPEECH_TAIL, RUNAWAY, CONTEXT_FULL -> FinishReason.LENGTH;
            case INTERRUPTED, CANCELLED -> FinishReason.OTHER;
        };
    }
}
