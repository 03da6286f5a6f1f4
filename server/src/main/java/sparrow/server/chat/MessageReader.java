package sparrow.server.chat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import sparrow.engine.interleave.Unit;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.chat.ChatHistory;
import sparrow.models.chat.ChatTurn;
import sparrow.models.family.Tool;
import sparrow.models.family.ToolCall;
import sparrow.server.audio.ChatFormat;
import sparrow.server.audio.EncodedAudio;
import sparrow.server.audio.StrictBase64;
import sparrow.server.chat.ChatBody.Message;
import sparrow.server.chat.ChatBody.Part;
import sparrow.server.message.Check;
import sparrow.server.message.Json;
import sparrow.server.message.RefusedException;
import sparrow.server.reply.AudioEncoderService;

/**
 * Reads messages as a chat history. Instructions are followed by alternating user questions and model replies; the last
 * message must be a question. The outputs of the tools called by a reply are treated as a question, and so is an
 * instruction at the end if the model follows instructions.
 */
final class MessageReader {
    /** Maximum length of a message's recording, in seconds. */
    private static final int MAX_SECONDS = 600;

    private static final int MAX_BYTES = 25 << 20;

    private final SpokenModel model;
    private final KeptReplies replies;

    MessageReader(SpokenModel model, KeptReplies replies) {
        this.model = model;
        this.replies = replies;
    }

    /**
     * Converts a request's messages to a chat history.
     *
     * @param tools the tools that the model may call
     * @param encoder the encoder of recordings
     * @throws RefusedException if the messages are not a chat that the model can continue
     */
    ChatHistory read(List<Message> messages, List<Tool> tools, AudioEncoderService.Listening encoder) {
        List<String> instructions = new ArrayList<>();
        List<ChatTurn> earlier = new ArrayList<>();
        List<Unit> reply = new ArrayList<>();
        Set<String> called = new HashSet<>(); // ids of the reply's calls
        List<String> outputs = new ArrayList<>();
        Question question = null; // null before the first question
        for (int i = 0; i < messages.size(); i++) {
            Message message = messages.get(i);
            String place = "messages[" + i + "]";
            boolean isLast = i == messages.size() - 1;
            switch (message.role()) {
                case "system", "developer" -> {
                    if (isLast) {
                        requireFollowed(place);
                        if (question != null) earlier.add(new ChatTurn(question, reply));
                        reply.clear();
                        question = typed(text(message, place), place + ".content");
                    } else if (question == null) {
                        instructions.add(text(message, place));
                    } else {
                        throw RefusedException.value(
                                place,
                                place + ": expected instructions before the first question; the model has no place for"
                                        + " later ones");
                    }
                }
                case "user" -> {
                    if (question != null) earlier.add(new ChatTurn(question, reply));
                    reply.clear();
                    called.clear();
                    outputs.clear();
                    question = question(message, place, encoder);
                }
                case "assistant" -> {
                    if (question == null) {
                        throw RefusedException.value(place, place + ": expected a question before the first reply");
                    }
                    outputs.clear();
                    reply.addAll(reply(message, place));
                    message.toolCalls().forEach(call -> called.add(call.id()));
                }
                case "tool" -> {
                    requireTools(message, place);
                    requireCalled(message, called, place);
                    if (outputs.isEmpty()) {
                        earlier.add(new ChatTurn(question, reply));
                        reply.clear();
                    }
                    outputs.add(text(message, place));
                    question = new Question.ToolOutputs(outputs);
                }
                default -> throw unknownRole(message, "system, developer, user or assistant", place);
            }
        }
        if (messages.getLast().role().equals("assistant")) {
            String place = "messages[" + (messages.size() - 1) + "]";
            throw RefusedException.value(place, place + ": expected a question of the user as the last message");
        }
        Optional<String> all = instructions.isEmpty() ? Optional.empty() : Optional.of(String.join("\n", instructions));
        return new ChatHistory(all, tools, earlier, question);
    }

    private void requireFollowed(String place) {
        if (model.followsInstructions()) return;
        throw RefusedException.value(
                place,
                place + ": expected a question of the user as the last message; this model does not follow"
                        + " instructions");
    }

    private static RefusedException unknownRole(Message message, String roles, String place) {
        return RefusedException.value(
                place + ".role", place + ".role: expected " + roles + ", got " + Json.brief(message.role()));
    }

    private void requireTools(Message message, String place) {
        if (!model.callsTools()) {
            throw unknownRole(message, "system, developer, user or assistant (this model calls no tools)", place);
        }
    }

    private static void requireCalled(Message message, Set<String> called, String place) {
        String id = Check.required(place + ".tool_call_id", message.toolCallId());
        if (called.remove(id)) return;
        throw RefusedException.value(
                place + ".tool_call_id",
                place + ".tool_call_id: expected a call of the reply before that has no output yet, got "
                        + Json.brief(id));
    }

    /** Returns a model reply: its units if they are still stored, or the client's text otherwise. */
    private List<Unit> reply(Message message, String place) {
        if (message.audio() == null) {
            return message.toolCalls().isEmpty()
                    ? model.replyUnits(text(message, place))
                    : callingReply(message, place);
        }
        String name = message.audio().id();
        return replies.find(name)
                .orElseThrow(() -> new RefusedException(
                        "audio_not_found",
                        place + ".audio.id",
                        place + ".audio.id: expected a reply that this server sent within "
                                + KeptReplies.KEPT.toMinutes() + " minutes, got " + Json.brief(name)));
    }

    /**
     * Returns a reply that called tools: its units if they are still stored, or units created from its text otherwise.
     */
    private List<Unit> callingReply(Message message, String place) {
        if (!model.callsTools()) {
            throw RefusedException.value(
                    place + ".tool_calls", place + ".tool_calls: expected none, this model calls no tools");
        }
        Optional<List<Unit>> made = replies.find(message.toolCalls().getFirst().id());
        if (made.isPresent()) return made.get();
        List<ToolCall> calls = new ArrayList<>();
        for (ChatBody.Call call : message.toolCalls()) {
            calls.add(call.function().call(place + ".tool_calls[" + calls.size() + "].function"));
        }
        List<Unit> units = new ArrayList<>();
        if (message.content() != null) units.addAll(model.replyUnits(text(message, place)));
        units.addAll(model.callUnits(calls));
        return units;
    }

    /** Returns the text of instructions, a reply or a tool output. */
    private static String text(Message message, String place) {
        List<Part> parts = parts(message, place, "text", "refusal");
        return parts.stream()
                .map(part -> part.type().equals("refusal") ? part.refusal() : part.text())
                .collect(Collectors.joining("\n"));
    }

    /**
     * Returns a user message, which may be typed, spoken, or both if the model supports mixed questions. Empty text
     * next to a recording is ignored.
     */
    private Question question(Message message, String place, AudioEncoderService.Listening encoder) {
        List<Part> parts = parts(message, place, "text", "input_audio");
        String content = place + ".content";
        if (parts.stream().noneMatch(MessageReader::isRecording)) {
            String text = parts.stream().map(Part::text).collect(Collectors.joining("\n"));
            return typed(text, content);
        }
        long recordings = parts.stream()
                .filter(part -> isRecording(part) || !part.text().isBlank())
                .count();
        if (recordings > 1 && !model.mixesText()) {
            long spoken = parts.stream().filter(MessageReader::isRecording).count();
            throw RefusedException.value(
                    content,
                    content + ": expected text, or one recording; this model does not accept both, got " + recordings
                            + " parts with " + spoken + " recordings");
        }
        List<Question> questions = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            if (isRecording(part)) {
                String param = content + "[" + i + "].input_audio";
                questions.add(encoder.hear(recording(part.inputAudio(), param), param + ".data"));
            } else if (!part.text().isBlank()) {
                questions.add(new Question.Typed(part.text()));
            }
        }
        return questions.size() == 1 ? questions.getFirst() : new Question.Mixed(questions);
    }

    private static Question typed(String text, String content) {
        if (text.isBlank()) throw RefusedException.value(content, content + ": expected some text, got none");
        return new Question.Typed(text);
    }

    private static boolean isRecording(Part part) {
        return part.type().equals("input_audio");
    }

    private static EncodedAudio recording(ChatBody.Recording recording, String place) {
        ChatFormat format = Formats.named(recording.format(), place + ".format");
        try {
            return format.open(StrictBase64.decode(recording.data(), MAX_BYTES), MAX_SECONDS);
        } catch (IllegalArgumentException e) {
            throw RefusedException.value(place + ".data", place + ".data: " + e.getMessage());
        }
    }

    /**
     * Returns the message's parts.
     *
     * @throws RefusedException if there are no parts, or if a part has neither of the two types
     */
    private static List<Part> parts(Message message, String place, String type, String otherType) {
        List<Part> parts = Check.required(place + ".content", message.content());
        for (int i = 0; i < parts.size(); i++) {
            String found = parts.get(i).type();
            if (found.equals(type) || found.equals(otherType)) continue;
            String param = place + ".content[" + i + "].type";
            throw new RefusedException(
                    "unsupported_value",
                    param,
                    param + ": expected " + type + " or " + otherType + ", got " + Json.brief(found));
        }
        return parts;
    }
}
