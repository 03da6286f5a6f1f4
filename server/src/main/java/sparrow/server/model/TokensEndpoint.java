package sparrow.server.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Supplier;
import java.util.stream.StreamSupport;
import sparrow.models.family.SpeechInput;
import sparrow.server.http.ConcurrencyLimiter;
import sparrow.server.http.Endpoint;
import sparrow.server.http.HttpExchange;
import sparrow.server.http.HttpFailure;
import sparrow.server.message.HeapShare;
import sparrow.server.message.RefusedException;
import sparrow.server.reply.ServedModel;
import sparrow.speech.vocode.FlowSynthesizer;
import sparrow.speech.vocode.Noise;
import sparrow.speech.vocode.Synthesizer;
import sparrow.speech.wave.SampleFormat;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;

/**
 * Handles {@code POST /sparrow/v1/tokens}, which converts a WAV file to codes or codes to a WAV file without the
 * language model, like {@code sparrow tokens}. Only one request runs at a time, so that conversations keep the
 * processors.
 */
public final class TokensEndpoint implements Endpoint {
    private static final int MAX_SECONDS = 600;
    private static final int MAX_WAITING = 4;

    /**
     * Memory for the synthesis of a sample in bytes. A flow computes all frames of an utterance together: 40 s at 22,050
     * Hz need 350 to 400 bytes per sample. A detokenizer needs little more than the samples.
     */
    private static final int FLOW_SAMPLE_BYTES = 512;

    private static final int SAMPLE_BYTES = 32;

    private final ServedModel served;
    private final ConcurrencyLimiter limiter =
            new ConcurrencyLimiter(1, MAX_WAITING, "recordings or codes are waiting");

    /** Creates an endpoint for the served model. */
    public TokensEndpoint(ServedModel served) {
        this.served = served;
    }

    private record Codes(int[] codes, double seconds) {}

    @Override
    public void answer(HttpExchange exchange) throws IOException {
        switch (exchange.contentType()) {
            case "audio/wav", "audio/x-wav", "audio/wave" ->
                exchange.sendJson(200, exchange.body(wav -> alone(encoding(wav))));
            case "application/json" -> exchange.send(200, "audio/wav", alone(exchange.json(this::decoding)));
            default ->
                throw HttpFailure.refused(
                        415,
                        "unsupported_media_type",
                        "content-type: expected audio/wav, or application/json with codes");
        }
    }

    private <T> T alone(Supplier<T> work) {
        try {
            return limiter.pass(work);
        } catch (IllegalArgumentException e) {
            throw RefusedException.value(null, e.getMessage());
        }
    }

    private Supplier<Codes> encoding(byte[] wav) {
        if (!(served.model().speechInput() instanceof SpeechInput.Tokens input)) {
            throw new RefusedException(
                    "unsupported_value", null, served.id() + ": encodes audio as vectors, not as codes");
        }
        return () -> {
            Waveform sound = WavFile.read(wav, Path.of("body"), MAX_SECONDS);
            return new Codes(input.encode(sound), sound.seconds());
        };
    }

    private Supplier<byte[]> decoding(ObjectNode body) {
        Synthesizer synthesizer = served.model().synthesizer();
        int sampleBytes = synthesizer instanceof FlowSynthesizer ? FLOW_SAMPLE_BYTES : SAMPLE_BYTES;
        int max = (int) (maxSeconds(HeapShare.RECORDINGS.limit(), sampleBytes * synthesizer.sampleRateHz())
                * served.model().codesPerSecond());
        JsonNode list = body.path("codes");
        int books = synthesizer.codebooks();
        boolean fits = list.isArray()
                && !list.isEmpty()
                && list.size() % books == 0
                && list.size() <= max
                && StreamSupport.stream(list.spliterator(), false).allMatch(code -> isCode(code, synthesizer));
        if (!fits) {
            throw RefusedException.value(
                    "codes",
                    "codes: expected a list of 1 to " + max + " whole numbers from 0 to "
                            + (synthesizer.vocabulary() - 1) + (books == 1 ? "" : " in frames of " + books));
        }
        int[] codes = StreamSupport.stream(list.spliterator(), false)
                .mapToInt(JsonNode::intValue)
                .toArray();
        long seed = body.path("seed").asLong(0);
        // The longest list may be a frame longer than the maximum duration.
        long bytes = Math.min((long) synthesizer.samples(codes.length) * sampleBytes, HeapShare.RECORDINGS.limit());
        return () -> {
            if (!HeapShare.RECORDINGS.take(bytes)) throw HttpFailure.busy("too much audio is being processed");
            try {
                Waveform speech =
                        new Waveform(synthesizer.synthesize(codes, Noise.seeded(seed)), synthesizer.sampleRateHz());
                return WavFile.bytes(speech, SampleFormat.PCM16);
            } finally {
                HeapShare.RECORDINGS.add(-bytes);
            }
        };
    }

    /** Returns the maximum duration in seconds of speech that is synthesized at once within the given memory. */
    static double maxSeconds(long bytes, long bytesPerSecond) {
        return Math.min((double) bytes / bytesPerSecond, MAX_SECONDS);
    }

    private static boolean isCode(JsonNode code, Synthesizer synthesizer) {
        return code.isInt() && code.intValue() >= 0 && code.intValue() < synthesizer.vocabulary();
    }
}
