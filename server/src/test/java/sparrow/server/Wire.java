package sparrow.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.function.BooleanSupplier;

/** HTTP by hand, for what no client sends by itself. */
public final class Wire implements AutoCloseable {
    public static final String FORM = "multipart/form-data; boundary=b";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final URI address;
    private final HttpClient client = HttpClient.newHttpClient();

    public Wire(URI address) {
        this.address = address;
    }

    /**
     * What a server said.
     *
     * @param text the body
     */
    public record Said(int status, String text, java.net.http.HttpHeaders headers) {
        public JsonNode json() {
            try {
                return JSON.readTree(text);
            } catch (IOException e) {
                throw new AssertionError(text, e);
            }
        }

        /** The code of its error. */
        public String code() {
            return json().path("error").path("code").asText();
        }

        public String message() {
            return json().path("error").path("message").asText();
        }

        public String param() {
            return json().path("error").path("param").asText();
        }
    }

    public Said get(String path, String... headers) {
        return send(request(path, headers).GET());
    }

    public Said post(String path, String json, String... headers) {
        return send(request(path, headers)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    public Said send(String method, String path, byte[] body, String... headers) {
        return send(request(path, headers).method(method, HttpRequest.BodyPublishers.ofByteArray(body)));
    }

    /** Sends a form of a file and some fields, names and values in turn. */
    public Said form(String path, byte[] file, String... fields) {
        return send("POST", path, form(file, fields), "content-type", FORM);
    }

    /** The body of such a form, of the type {@link #FORM}. */
    public static byte[] form(byte[] file, String... fields) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int i = 0; i < fields.length; i += 2) {
            body.writeBytes(part("name=\"" + fields[i] + "\"", fields[i + 1].getBytes(StandardCharsets.UTF_8)));
        }
        body.writeBytes(part("name=\"file\"; filename=\"a.wav\"", file));
        body.writeBytes("--b--\r\n".getBytes(StandardCharsets.UTF_8));
        return body.toByteArray();
    }

    public Said form(String path, Path file, String... fields) {
        try {
            return form(path, Files.readAllBytes(file), fields);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] part(String names, byte[] content) {
        ByteArrayOutputStream part = new ByteArrayOutputStream();
        part.writeBytes(
                ("--b\r\nContent-Disposition: form-data; " + names + "\r\n\r\n").getBytes(StandardCharsets.UTF_8));
        part.writeBytes(content);
        part.writeBytes("\r\n".getBytes(StandardCharsets.UTF_8));
        return part.toByteArray();
    }

    /** The bytes of an answer. */
    public byte[] bytes(String path, String json) {
        try {
            HttpRequest request = request(path, "content-type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(json))
                    .build();
            return client.send(request, HttpResponse.BodyHandlers.ofByteArray()).body();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Waits for something; five minutes at most. */
    public static void until(BooleanSupplier wanted) {
        until(Duration.ofMinutes(5), wanted);
    }

    public static void until(Duration most, BooleanSupplier wanted) {
        long end = System.nanoTime() + most.toNanos();
        while (!wanted.getAsBoolean()) {
            if (System.nanoTime() > end) throw new AssertionError("expected within " + most + ", but it never came");
            Thread.yield();
        }
    }

    private HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address.resolve(path));
        return headers.length == 0 ? request : request.headers(headers);
    }

    private Said send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Said(response.statusCode(), response.body(), response.headers());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** The body of a chat request that asks a recorded question, with more fields. */
    public static String asking(int number, String more) throws IOException {
        String data = Base64.getEncoder().encodeToString(Files.readAllBytes(Running.example(number)));
        return chat(
                "[{\"type\":\"input_audio\",\"input_audio\":{\"format\":\"wav\",\"data\":\"" + data + "\"}}]", more);
    }

    /** The body of a chat request of one message. */
    public static String chat(String content, String more) {
        return "{\"model\":\"" + Running.MODEL + "\",\"messages\":[{\"role\":\"user\",\"content\":" + content + "}]"
                + (more.isEmpty() ? "" : "," + more) + "}";
    }

    @Override
    public void close() {
        client.close();
    }
}
