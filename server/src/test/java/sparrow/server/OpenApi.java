package sparrow.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import sparrow.server.message.Json;
import sparrow.server.message.RecordSchemas;

/** The OpenAPI description of the server's routes, whose schemas are those of the records that are read and sent. */
final class OpenApi {
    private static final String JSON = "application/json";

    private final ObjectNode root = JsonNodeFactory.instance.objectNode();
    private final Map<String, ObjectNode> paths = new TreeMap<>();
    private final Map<String, ObjectNode> named = new TreeMap<>();
    private final RecordSchemas lenient = RecordSchemas.read(named, Json.LENIENT);
    private final RecordSchemas strict = RecordSchemas.read(named, Json.STRICT);
    private final RecordSchemas written = RecordSchemas.written(named);

    private OpenApi() {}

    /** The description of all routes. */
    static JsonNode description() throws ClassNotFoundException {
        OpenApi api = new OpenApi();
        api.describe();
        return api.root;
    }

    /** The routes of a description, such as {@code GET /healthz}. */
    static List<String> routes(JsonNode description) {
        return description
                .path("paths")
                .propertyStream()
                .flatMap(path -> path.getValue()
                        .propertyStream()
                        .map(method -> method.getKey().toUpperCase(Locale.ROOT) + " "
                                + path.getKey().replaceAll("[{].*", "*")))
                .toList();
    }

    private void describe() throws ClassNotFoundException {
        root.put("openapi", "3.1.0");
        root.putObject("info").put("title", "Sparrow").put("version", "0.1.0").put("description", "docs/server-api.md");
        ObjectNode components = root.putObject("components");
        components
                .putObject("securitySchemes")
                .putObject("key")
                .put("type", "http")
                .put("scheme", "bearer");

        for (String path : List.of("/healthz", "/readyz", "/readyz/requests")) {
            answers(on("get", path), "200", JSON, written.of(type("Readiness$Answer")));
        }
        answers(on("get", "/metrics"), "200", "text/plain", text("string"));
        answers(on("get", "/v1/models"), "200", JSON, written.of(type("model.ModelsEndpoint$All")));
        ObjectNode model = on("get", "/v1/models/{model}");
        answers(model, "200", JSON, written.of(type("model.ModelsEndpoint$Entry")));
        answers(on("get", "/sparrow/v1/status"), "200", JSON, written.of(type("model.StatusEndpoint$Status")));
        answers(on("get", "/sparrow/v1/questions/{file}"), "200", "audio/wav", binary());
        for (String path : List.of("/v1/realtime", "/v1/live/sessions", "/twilio")) {
            on("get", path).withObject("/responses/101").put("description", "the WebSocket");
        }

        ObjectNode chat = on("post", "/v1/chat/completions");
        takes(chat, JSON, lenient.of(type("chat.ChatBody")));
        // Required only after the model's name has been checked.
        named.get("ChatBody").withArray("/required").add("messages");
        answers(chat, "200", JSON, written.of(type("chat.Completion")));
        answers(chat, "200", "text/event-stream", text("string"));

        ObjectNode speech = on("post", "/v1/audio/speech");
        takes(speech, JSON, strict.of(type("task.SpeechFields")));
        for (String audio : List.of("audio/wav", "audio/pcm", "audio/ogg")) answers(speech, "200", audio, binary());
        answers(speech, "200", "text/event-stream", text("string"));

        ObjectNode transcription = on("post", "/v1/audio/transcriptions");
        ObjectNode form = strict.of(type("task.TranscriptionFields"));
        ObjectNode fields = named.get("TranscriptionFields");
        fields.withObject("/properties").set("file", binary());
        fields.withArray("/required").add("file");
        takes(transcription, "multipart/form-data", form);
        ObjectNode words = JsonNodeFactory.instance.objectNode();
        words.putArray("anyOf")
                .add(written.of(type("task.TranscriptionsEndpoint$Transcription")))
                .add(written.of(type("task.TranscriptionsEndpoint$VerboseTranscription")));
        answers(transcription, "200", JSON, words);
        answers(transcription, "200", "text/plain", text("string"));
        answers(transcription, "200", "text/event-stream", text("string"));

        ObjectNode secrets = on("post", "/v1/realtime/client_secrets");
        takes(secrets, JSON, strict.of(type("realtime.ClientSecrets$Wanted")));
        answers(secrets, "200", JSON, written.of(type("realtime.ClientSecrets$Created")));

        ObjectNode calls = on("post", "/v1/realtime/calls");
        takes(calls, "application/sdp", text("string"));
        answers(calls, "201", "application/sdp", text("string"));
        answers(on("post", "/v1/realtime/calls/{call}/hangup"), "200", JSON, text("string"));
        ObjectNode live = on("post", "/v1/live/sessions");
        takes(live, JSON, strict.of(type("live.LiveCalls$Creation")));
        answers(live, "201", JSON, text("object"));

        ObjectNode tokens = on("post", "/sparrow/v1/tokens");
        takes(tokens, "audio/wav", binary());
        takes(tokens, JSON, text("object"));
        answers(tokens, "200", JSON, written.of(type("model.TokensEndpoint$Codes")));
        answers(tokens, "200", "audio/wav", binary());
        ObjectNode all = root.putObject("paths");
        paths.forEach(all::set);
        ObjectNode schemas = components.putObject("schemas");
        named.forEach(schemas::set);
    }

    private static Class<?> type(String name) throws ClassNotFoundException {
        return Class.forName("sparrow.server." + name);
    }

    /** Adds a route. Every route may answer with an error. */
    private ObjectNode on(String method, String path) throws ClassNotFoundException {
        ObjectNode item = paths.computeIfAbsent(path, _ -> JsonNodeFactory.instance.objectNode());
        ObjectNode operation = item.putObject(method);
        if (path.contains("{")) {
            ObjectNode parameter = operation.putArray("parameters").addObject();
            parameter
                    .put("name", path.replaceAll(".*[{]|[}].*", ""))
                    .put("in", "path")
                    .put("required", true);
            parameter.set("schema", text("string"));
        }
        if (path.startsWith("/v1") || path.startsWith("/sparrow") || path.equals("/metrics")) {
            // The server may have no key.
            ArrayNode security = operation.putArray("security");
            security.addObject();
            security.addObject().putArray("key");
        }
        answers(operation, "default", JSON, written.of(type("http.HttpFailure$Body")));
        return operation;
    }

    private static void takes(ObjectNode operation, String type, ObjectNode schema) {
        ObjectNode body = operation.withObject("/requestBody").put("required", true);
        body.withObject("/content").putObject(type).set("schema", schema);
    }

    private static void answers(ObjectNode operation, String status, String type, ObjectNode schema) {
        ObjectNode response = operation.withObject("/responses").withObject("/" + status);
        response.put("description", status.equals("default") ? "an error" : "the answer");
        response.withObject("/content").putObject(type).set("schema", schema);
    }

    private static ObjectNode text(String type) {
        return JsonNodeFactory.instance.objectNode().put("type", type);
    }

    private static ObjectNode binary() {
        return text("string").put("format", "binary");
    }
}
