package sparrow.server.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import sparrow.models.pool.ChatHistory;
import sparrow.server.audio.ChatFormat;
import sparrow.server.reply.RefusedException;
import sparrow.server.reply.Served;
import sparrow.server.reply.Wishes;

/** Reads the body of a chat request. What cannot be done is refused rather than ignored; unknown fields are ignored. */
final class ChatRequestReader {
    private static final int MOST_METADATA = 16;
    private static final int MOST_KEY = 64;
    private static final int MOST_VALUE = 512;

    private final Served served;
    private final Ears ears;
    private final MessageReader messages;

    ChatRequestReader(Served served, KeptReplies kept, Ears ears) {
        this.served = served;
        this.ears = ears;
        this.messages = new MessageReader(served.model(), kept);
    }

    /** @throws RefusedException if it cannot be done */
    ChatRequest read(ObjectNode body) {
        Fields request = new Fields(body, "");
        requireModel(request.requiredString("model"));
        requireNothingUnsupported(request);
        requireMetadata(request);
        boolean stream = request.flag("stream");
        Optional<ChatFormat> audio = audio(request);
        if (stream) audio.ifPresent(format -> Formats.requireStreams(format, "audio.format"));
        boolean usage = request.child("stream_options")
                .map(options -> options.flag("include_usage"))
                .orElse(false);
        Wishes wishes = wishes(request);
        Ears.Listening listening = ears.listen();
        ChatHistory all = messages.read(request, listening);
        ChatHistory chat = all.newest(served.window().turns());
        int forgotten = all.earlier().size() - chat.earlier().size();
        return new ChatRequest(chat, forgotten, audio, stream, usage, wishes, listening.nanos());
    }

    private void requireModel(String model) {
        if (model.equals(served.id())) return;
        throw new RefusedException(
                "model_not_found", "model", "model: expected " + served.id() + ", got " + Fields.shown(model));
    }

    private Optional<ChatFormat> audio(Fields request) {
        List<String> modalities = request.strings("modalities");
        for (String modality : modalities) {
            if (!modality.equals("text") && !modality.equals("audio")) {
                throw RefusedException.value(
                        "modalities", "modalities: expected text and audio, got " + Fields.shown(modality));
            }
        }
        if (!modalities.contains("audio")) return Optional.empty();
        Fields audio = request.requiredChild("audio");
        served.requireVoice(voice(audio), "audio.voice");
        return Optional.of(Formats.named(audio.requiredString("format"), "audio.format"));
    }

    /** A name, or an object with one. */
    private static String voice(Fields audio) {
        JsonNode voice = audio.raw("voice");
        if (voice != null && voice.isObject()) {
            return audio.requiredChild("voice").requiredString("id");
        }
        return audio.requiredString("voice");
    }

    private static Wishes wishes(Fields request) {
        OptionalDouble temperature = request.number("temperature", 0, 2);
        OptionalDouble topP = request.number("top_p", 0, 1);
        if (topP.isPresent() && topP.getAsDouble() == 0) {
            throw RefusedException.value("top_p", "top_p: expected more than 0 and at most 1, got 0");
        }
        OptionalLong seed = request.whole("seed");
        OptionalInt tokens = request.count("max_completion_tokens");
        if (tokens.isEmpty()) tokens = request.count("max_tokens");
        return new Wishes(temperature, topP, seed, tokens, Optional.empty())
                .withExits(request.raw("sparrow"), "sparrow");
    }

    private static void requireNothingUnsupported(Fields request) {
        requireEmpty(request, "tools", "this model calls no tools");
        requireEmpty(request, "functions", "this model calls no functions");
        requireEmpty(request, "stop", "replies end where the model ends them");
        if (request.flag("logprobs") || request.has("top_logprobs")) {
            throw unsupported("logprobs", "probabilities are not given");
        }
        OptionalLong choices = request.whole("n");
        if (choices.isPresent() && choices.getAsLong() != 1) throw unsupported("n", "one choice is made");
        for (String penalty : List.of("frequency_penalty", "presence_penalty")) {
            OptionalDouble value = request.number(penalty, -2, 2);
            if (value.isPresent() && value.getAsDouble() != 0) throw unsupported(penalty, "it is always 0");
        }
        request.child("response_format").ifPresent(format -> {
            String type = format.requiredString("type");
            if (!type.equals("text")) throw unsupported("response_format", "replies are text and speech");
        });
    }

    private static void requireEmpty(Fields request, String name, String why) {
        JsonNode value = request.raw(name);
        if (value == null || (value.isContainerNode() && value.isEmpty())) return;
        throw unsupported(name, why);
    }

    private static RefusedException unsupported(String name, String why) {
        return new RefusedException("unsupported_parameter", name, name + ": not supported; " + why);
    }

    private static void requireMetadata(Fields request) {
        Optional<Fields> metadata = request.child("metadata");
        if (metadata.isEmpty()) return;
        JsonNode pairs = metadata.get().object();
        boolean fits = pairs.size() <= MOST_METADATA
                && pairs.properties().stream()
                        .allMatch(pair -> pair.getKey().length() <= MOST_KEY
                                && pair.getValue().asText().length() <= MOST_VALUE);
        if (fits) return;
        throw RefusedException.value(
                "metadata",
                "metadata: expected at most " + MOST_METADATA + " pairs of " + MOST_KEY + " and " + MOST_VALUE
                        + " characters, got more");
    }
}
