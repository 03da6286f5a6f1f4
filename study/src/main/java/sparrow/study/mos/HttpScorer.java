package sparrow.study.mos;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import sparrow.formats.StrictJson;
import sparrow.speech.wave.SampleFormat;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;

/**
 * A service that scores speech. The WAV file is posted to its address, and the answer is a number, alone or as
 * {@code score}, {@code mos} or {@code overall} in a JSON object.
 */
final class HttpScorer implements MosScorer {
    private static final ObjectMapper JSON = new ObjectMapper(StrictJson.factory(10, 1000));
    private static final int MAX_ANSWER_BYTES = 64 << 10;
    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    private final URI address;
    private final Duration timeout;
    private final HttpClient client = HttpClient.newHttpClient();

    private HttpScorer(URI address, Duration timeout) {
        this.address = address;
        this.timeout = timeout;
    }

    /**
     * Creates a scorer that calls a service.
     *
     * @throws IllegalArgumentException if the address is not an HTTP URL, or contains a password
     */
    static HttpScorer at(String address) {
        return at(address, TIMEOUT);
    }

    static HttpScorer at(String address, Duration timeout) {
        URI uri = URI.create(address);
        HttpRequest.newBuilder(uri); // The builder rejects unsupported URLs.
        if (uri.getRawUserInfo() != null) {
            throw new IllegalArgumentException(
                    "MOS scorer: expected no user or password in the address of " + uri.getHost());
        }
        return new HttpScorer(uri, timeout);
    }

    @Override
    public Mos score(Waveform speech) throws IOException {
        if (speech.samples().length == 0) throw new IllegalArgumentException("speech: expected samples, got none");
        HttpRequest request = HttpRequest.newBuilder(address)
                .timeout(timeout)
                .header("Content-Type", "audio/wav")
                .POST(BodyPublishers.ofByteArray(WavFile.bytes(speech, SampleFormat.PCM16)))
                .build();
        return score(send(request));
    }

    private HttpResponse<String> send(HttpRequest request) throws IOException {
        try {
            return client.send(request, BodyHandlers.limiting(BodyHandlers.ofString(), MAX_ANSWER_BYTES));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(address + ": interrupted");
        } catch (IOException e) {
            throw new IOException(
                    address + ": no answer: "
                            + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage()),
                    e);
        }
    }

    private Mos score(HttpResponse<String> response) throws IOException {
        if (response.statusCode() != 200)
            throw new IOException(address + ": rejected with HTTP " + response.statusCode());
        return Mos.parse(address.toString(), number(response.body()));
    }

    /** Returns the part of an answer that should be a number. */
    private static String number(String body) {
        if (!body.strip().startsWith("{")) return body;
        try {
            JsonNode answer = JSON.readTree(body);
            for (String key : new String[] {"score", "mos", "overall"}) {
                if (answer.path(key).isNumber()) return answer.get(key).asText();
            }
            return body;
        } catch (JacksonException e) {
            return body;
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
