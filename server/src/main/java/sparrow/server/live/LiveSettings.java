package sparrow.server.live;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.Optional;
import sparrow.server.audio.RealtimeFormat;
import sparrow.server.message.Check;
import sparrow.server.message.Json;
import sparrow.server.message.RefusedException;
import sparrow.server.realtime.event.Item;
import sparrow.server.realtime.event.ItemDraft;
import sparrow.server.realtime.event.ReplySettings;
import sparrow.server.realtime.event.SessionConfig;
import sparrow.server.reply.ModelName;
import sparrow.server.reply.RequestOverrides;
import sparrow.server.reply.ServedModel;
import sparrow.server.reply.ToolUse;

/**
 * The settings of a session that a client sends to start it. {@code safetyIdentifier} and {@code client} are ignored.
 *
 * @param input messages of an earlier conversation
 * @param store ignored, because nothing is stored
 */
record LiveSettings(
        String model,
        String instructions,
        Audio audio,
        Delegation delegation,
        List<Message> input,
        JsonNode store,
        JsonNode safetyIdentifier,
        JsonNode triggers,
        JsonNode client) {
    private static final int MAX_MESSAGES = 128;

    public LiveSettings {
        Check.required("model", model);
        if (instructions == null) instructions = "";
        ReplySettings.check(instructions, null, null);
        if (audio == null) audio = new Audio(null, null);
        if (delegation == null) delegation = new Delegation(Delegation.CLIENT, null, null);
        if (input == null) input = List.of();
        if (input.size() > MAX_MESSAGES) {
            throw RefusedException.mismatch("input", "at most " + MAX_MESSAGES + " messages", input.size());
        }
        requireNoTriggers(triggers);
    }

    static void requireNoTriggers(JsonNode triggers) {
        if (triggers == null || triggers.isNull() || triggers.isEmpty()) return;
        throw RefusedException.unsupported("triggers", "this server makes no decisions");
    }

    /** The format of the sound both ways, and the voice. */
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
            if (find(type, rate).isEmpty()) {
                throw RefusedException.value(
                        "type",
                        "type: expected audio/pcm at 16000 or 24000 Hz, audio/pcmu or audio/pcma at 8000 Hz, got "
                                + Json.brief(type) + " at " + rate + " Hz");
            }
        }

        private static Optional<RealtimeFormat> find(String type, Number rate) {
            for (RealtimeFormat format : RealtimeFormat.values()) {
                if (format.wireName().equals(type) && format.rateHz() == rate.doubleValue()) return Optional.of(format);
            }
            return Optional.empty();
        }

        RealtimeFormat format() {
            return find(type, rate).orElseThrow();
        }
    }

    /** @param voice a name, or an object with an id */
    record Output(JsonNode voice) {
        Output {
            if (voice == null) voice = TextNode.valueOf(ServedModel.OWN_VOICE);
            if (!id(voice).isTextual()) throw RefusedException.mismatch("voice", "a name or an id", Json.shown(voice));
        }

        private static JsonNode id(JsonNode voice) {
            return voice.isObject() ? voice.path("id") : voice;
        }

        String name() {
            return id(voice).textValue();
        }
    }

    /** The party that handles tasks which the model delegates. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Delegation(String type, Responses responses, Number acknowledgementDelayMs) {
        static final String CLIENT = "client";
        static final String RESPONSES = "responses";

        Delegation {
            Check.required("type", type);
            switch (type) {
                case CLIENT -> Check.absent(RESPONSES, responses);
                case RESPONSES -> {}
                default -> throw RefusedException.mismatch("type", CLIENT + " or " + RESPONSES, Json.brief(type));
            }
            Check.whole("acknowledgement_delay_ms", acknowledgementDelayMs, 0, Integer.MAX_VALUE);
        }

        boolean usesResponses() {
            return type.equals(RESPONSES);
        }

        /**
         * Returns these settings with a client's changes.
         *
         * @throws RefusedException if the type would change
         */
        Delegation with(Delegation change) {
            if (change == null) return this;
            if (!type.equals(change.type)) {
                throw RefusedException.value(
                        "session.delegation.type",
                        "session.delegation.type: expected " + type + ", got " + change.type);
            }
            ObjectNode merged = Json.tree(this);
            ObjectNode changes = Json.tree(change);
            if (changes.get(RESPONSES) instanceof ObjectNode fields
                    && merged.get(RESPONSES) instanceof ObjectNode old) {
                changes.set(RESPONSES, old.setAll(fields));
            }
            return Json.STRICT.read(merged.setAll(changes), Delegation.class);
        }
    }

    /**
     * The settings of a Responses backend. The model calls the tools itself, so only instructions, tools and the choice
     * among the tools are used.
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Responses(
            JsonNode model,
            String instructions,
            List<JsonNode> tools,
            JsonNode toolChoice,
            JsonNode maxOutputTokens,
            JsonNode parallelToolCalls,
            JsonNode reasoning,
            JsonNode serviceTier,
            JsonNode text) {
        Responses {
            Check.length("instructions", instructions, 1 << 16);
        }

        ToolUse use() {
            return ToolUse.NONE.merge(tools, toolChoice);
        }
    }

    /** A message of an earlier conversation, with one text. {@code id} and {@code status} are ignored. */
    record Message(String type, JsonNode id, String role, List<Text> content, JsonNode status) {
        private static final int LONGEST_TEXT = 1 << 16;

        Message {
            if (type != null && !type.equals("message")) {
                throw RefusedException.mismatch("type", "message", Json.brief(type));
            }
            if (Check.required("content", content).size() != 1) {
                throw RefusedException.mismatch("content", "one part", content.size() + " parts");
            }
            String text = Check.required("content[0].text", content.getFirst().text());
            Check.length("content[0].text", text, LONGEST_TEXT);
            if (text.isBlank()) throw RefusedException.value("content", "content: expected some text, got none");
            item(Check.required("role", role), text);
        }

        ItemDraft item() {
            return item(role, content.getFirst().text());
        }

        private static ItemDraft item(String role, String text) {
            return switch (role) {
                case "developer" -> item(Item.Role.SYSTEM, "input_text", text);
                case "user" -> item(Item.Role.USER, "input_text", text);
                case "assistant" -> item(Item.Role.ASSISTANT, "output_text", text);
                default -> throw RefusedException.mismatch("role", "developer, user or assistant", Json.brief(role));
            };
        }

        static ItemDraft item(Item.Role role, String type, String text) {
            ItemDraft.Part part = new ItemDraft.Part(type, text, null, null);
            return new ItemDraft("message", null, role, List.of(part), null, null, null, null);
        }
    }

    /** @param type {@code input_text}, {@code output_text} or {@code text}; null for the role's */
    record Text(String type, String text) {}

    /** Returns instructions of the voice and, if the model itself does the work of the backend, of the backend. */
    String instructions(Delegation now, boolean callsTools) {
        if (!callsTools || now.responses() == null || now.responses().instructions() == null) return instructions;
        return instructions.isBlank()
                ? now.responses().instructions()
                : instructions + "\n\n" + now.responses().instructions();
    }

    /**
     * Returns the settings of the session.
     *
     * @throws RefusedException if the model has no such voice or cannot call these tools
     */
    SessionConfig config(ServedModel served) {
        boolean callsTools = served.model().callsTools();
        ToolUse tools = callsTools && delegation.responses() != null
                ? delegation.responses().use()
                : ToolUse.NONE;
        tools.ofRealtime(callsTools, "session.delegation.responses");
        served.requireVoice(audio.output().name(), "session.audio.output.voice");
        RealtimeFormat format = audio.format().format();
        return new SessionConfig(
                new ReplySettings(
                        ReplySettings.Modality.AUDIO,
                        instructions(delegation, callsTools),
                        format,
                        audio.output().name(),
                        tools,
                        RequestOverrides.NONE),
                format,
                served.transcribes(),
                SessionConfig.DEFAULT.turnDetection(),
                SessionConfig.DEFAULT.truncation());
    }

    /** Returns a line about what the model does not do, if the client expects it. */
    Optional<String> caution(ServedModel served) {
        Optional<String> left =
                served.leftOut().filter(_ -> !instructions.isBlank()).map(line -> "session." + line);
        boolean delegates = delegation.usesResponses() && served.model().callsTools();
        Optional<String> idle = delegates
                ? Optional.empty()
                : Optional.of("session.delegation: " + served.id() + " delegates nothing to " + delegation.type());
        Optional<String> deaf = served.transcribes()
                ? Optional.empty()
                : Optional.of("session.input_transcript: " + served.id() + " does not transcribe");
        return ModelName.cautions(
                ModelName.cautions(ModelName.accept(model, served.id(), "session.model"), left),
                ModelName.cautions(idle, deaf));
    }
}
