package sparrow.server.live;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import sparrow.server.audio.RealtimeFormat;
import sparrow.server.live.LiveProtocol.LiveModel;
import sparrow.server.message.Check;
import sparrow.server.message.Json;
import sparrow.server.message.RefusedException;
import sparrow.server.realtime.event.ItemDraft;
import sparrow.server.realtime.event.ReplySettings;
import sparrow.server.realtime.event.SessionConfig;
import sparrow.server.reply.ModelName;
import sparrow.server.reply.RequestOverrides;
import sparrow.server.reply.ServedModel;
import sparrow.server.reply.ToolUse;

/**
 * The settings with which a client starts a session.
 *
 * @param input messages of an earlier conversation
 */
@JsonIgnoreProperties({"store", "safety_identifier", "client"})
record LiveSettings(String model, String instructions, Audio audio, Delegation delegation, List<ItemDraft> input) {
    private static final int MAX_MESSAGES = 128;

    LiveSettings {
        Check.required("model", model);
        if (instructions == null) instructions = "";
        ReplySettings.check(instructions, null, null);
        if (audio == null) audio = new Audio(null, null);
        if (delegation == null) delegation = new Delegation("client", null);
        if (input == null) input = List.of();
        if (input.size() > MAX_MESSAGES) {
            throw RefusedException.mismatch("input", "at most " + MAX_MESSAGES + " messages", input.size());
        }
    }

    /** The audio format for both directions, and the voice. */
    record Audio(Format format, Output output) {
        Audio {
            if (format == null) format = new Format(RealtimeFormat.PCM.wireName(), RealtimeFormat.PCM.rateHz());
            if (output == null) output = new Output(null);
        }
    }

    record Format(String type, Number rate) {
        Format {
            Check.required("type", type);
            Check.required("rate", rate);
            find(type, rate);
        }

        private static RealtimeFormat find(String type, Number rate) {
            for (RealtimeFormat format : RealtimeFormat.values()) {
                if (format.wireName().equals(type) && format.rateHz() == rate.doubleValue()) return format;
            }
            throw RefusedException.value(
                    "type",
                    "type: expected audio/pcm at 24000 or 16000 Hz, audio/pcmu or audio/pcma at 8000 Hz, got "
                            + Json.brief(type) + " at " + rate + " Hz");
        }
    }

    RealtimeFormat format() {
        return Format.find(audio.format().type(), audio.format().rate());
    }

    /**
     * The output settings.
     *
     * @param voice a name, or an object with an id
     */
    record Output(JsonNode voice) {
        Output {
            if (voice == null) voice = TextNode.valueOf(ServedModel.OWN_VOICE);
            if (!id(voice).isTextual()) throw RefusedException.mismatch("voice", "a name or an id", Json.shown(voice));
            if (voice.isObject()) voice = JsonNodeFactory.instance.objectNode().set("id", id(voice));
        }

        private static JsonNode id(JsonNode voice) {
            return voice.isObject() ? voice.path("id") : voice;
        }

        String name() {
            return id(voice).textValue();
        }
    }

    /**
     * The party that handles delegated tasks.
     *
     * @param responses the backend model's settings as sent by the client, or null if there are no settings
     */
    @JsonIgnoreProperties("acknowledgement_delay_ms")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Delegation(String type, ObjectNode responses) {
        private static final String RESPONSES = "responses";

        Delegation {
            if (!Check.required("type", type).equals("client") && !type.equals(RESPONSES)) {
                throw RefusedException.mismatch("type", "client or " + RESPONSES, Json.brief(type));
            }
            if (responses != null) {
                Json.STRICT.read(responses, Backend.class, RESPONSES);
                responses = responses.deepCopy().retain("model", "instructions", "tools", "tool_choice");
                boolean anyTools = !responses.path("tools").isEmpty();
                if (!anyTools && !ToolUse.isUnderstood(responses.get("tool_choice"))) responses.remove("tool_choice");
            }
        }

        boolean usesResponses() {
            return type.equals(RESPONSES);
        }

        /** Returns the backend's settings, which are used only if the served model calls tools. */
        Backend backend(boolean callsTools) {
            return callsTools && usesResponses() && responses != null
                    ? Json.STRICT.read(responses, Backend.class)
                    : Backend.NONE;
        }

        /** Returns a copy with a client's changes. A null change leaves the settings unchanged. */
        Delegation with(Delegation change) {
            if (change == null) return this;
            if (!type.equals(change.type)) {
                String param = "session.delegation.type";
                throw RefusedException.value(param, param + ": expected " + type + ", got " + change.type);
            }
            if (responses == null || change.responses == null) return responses == null ? change : this;
            return new Delegation(type, responses.deepCopy().setAll(change.responses));
        }
    }

    /** The backend model's supported settings. The served model performs the backend's work. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Backend(String model, String instructions, List<JsonNode> tools, JsonNode toolChoice) {
        private static final Backend NONE = new Backend(null, null, null, null);
        private static final int MAX_MODEL_CHARACTERS = 256;

        Backend {
            Check.length("model", model, MAX_MODEL_CHARACTERS);
            ReplySettings.check(instructions, null, null);
        }
    }

    /** Returns a copy without the messages, which the session keeps as items. */
    LiveSettings withoutInput() {
        return new LiveSettings(model, instructions, audio, delegation, null);
    }

    /** Returns a copy with a client's changes. */
    LiveSettings with(LiveEvent.Changes changes) {
        return new LiveSettings(model, instructions, audio, delegation.with(changes.delegation()), input);
    }

    /**
     * Returns the session's settings.
     *
     * @throws RefusedException if the model does not support them
     */
    SessionConfig config(LiveModel served) {
        Backend backend = delegation.backend(served.callsTools());
        ToolUse tools = ToolUse.NONE.merge(backend.tools(), backend.toolChoice());
        tools.ofRealtime(served.callsTools(), "session.delegation.responses");
        ReplySettings reply = new ReplySettings(
                ReplySettings.Modality.AUDIO,
                backend.instructions() == null
                        ? instructions
                        : (instructions + "\n\n" + backend.instructions()).strip(),
                format(),
                audio.output().name(),
                tools,
                RequestOverrides.NONE);
        return new SessionConfig(
                reply,
                format(),
                served.transcribes(),
                SessionConfig.DEFAULT.turnDetection(),
                SessionConfig.DEFAULT.truncation(),
                true);
    }

    /**
     * Returns a line that lists the requested features that the model does not support.
     *
     * @throws RefusedException if the client requested another model
     */
    Optional<String> caution(LiveModel served) {
        boolean delegates = delegation.usesResponses() && served.callsTools();
        return Stream.of(
                        ModelName.accept(model, served.id(), "session.model"),
                        served.leftOut().filter(_ -> !instructions.isBlank()).map(line -> "session." + line),
                        Optional.of("session.delegation: " + served.id() + " delegates nothing to " + delegation.type())
                                .filter(_ -> !delegates),
                        Optional.of("session.input_transcript: " + served.id() + " does not transcribe")
                                .filter(_ -> !served.transcribes()))
                .reduce(Optional.empty(), ModelName::cautions);
    }
}
