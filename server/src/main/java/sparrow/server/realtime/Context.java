package sparrow.server.realtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sparrow.engine.interleave.Unit;
import sparrow.models.Question;
import sparrow.models.family.Tool;
import sparrow.models.pool.ChatHistory;
import sparrow.models.pool.ChatTurn;
import sparrow.server.realtime.ConversationBackend.Heard;
import sparrow.server.reply.RefusedException;

/**
 * Items as a model takes them: questions, each with what was replied. A family has one system turn at most, so that all
 * instructions stand there; an assistant's words before the first question have no place.
 *
 * @param instructions the session's, then those of system items
 * @param unheard why the last thing that the user said cannot be understood
 */
record Context(Optional<String> instructions, List<Tool> tools, List<ChatTurn> turns, Optional<String> unheard) {
    Context {
        turns = List.copyOf(turns);
    }

    /** Recordings that the model has not listened to yet are left out. */
    static Context of(Optional<String> instructions, List<Tool> tools, List<Item> items) {
        List<ChatTurn> turns = new ArrayList<>();
        Optional<String> unheard = Optional.empty();
        for (Item item : items) {
            switch (item) {
                case Item.Message _ -> {}
                case Item.FunctionCall call -> reply(turns, call.units());
                case Item.FunctionOutput output -> output(turns, output.output());
            }
            for (Content part : item.parts()) {
                switch (part) {
                    case Content.InputText(String text)
                    when item.isFrom(Item.Role.USER) -> {
                        turns.add(new ChatTurn(new Question.Typed(text)));
                        unheard = Optional.empty();
                    }
                    case Content.InputText _ -> {}
                    case Recording recording -> {
                        switch (recording.heard()) {
                            case Heard.Something(Question question, long nanos) -> {
                                turns.add(new ChatTurn(question));
                                unheard = Optional.empty();
                            }
                            case Heard.Nothing(String why) -> unheard = Optional.of(why);
                            case Heard.NotYet() -> {}
                        }
                    }
                    case Content.OutputText(String text, List<Unit> units) -> reply(turns, units);
                    case Content.OutputAudio(String transcript, List<Unit> units, long ms) -> reply(turns, units);
                }
            }
        }
        return new Context(all(instructions, items), tools, turns, unheard);
    }

    private static void reply(List<ChatTurn> turns, List<Unit> units) {
        if (turns.isEmpty()) return;
        ChatTurn last = turns.removeLast();
        List<Unit> reply = new ArrayList<>(last.reply());
        reply.addAll(units);
        turns.add(new ChatTurn(last.question(), reply));
    }

    /** Outputs of one reply's calls are one question. */
    private static void output(List<ChatTurn> turns, String output) {
        if (turns.isEmpty()) return;
        List<String> outputs = new ArrayList<>();
        ChatTurn last = turns.getLast();
        if (last.reply().isEmpty() && last.question() instanceof Question.ToolOutputs(List<String> before)) {
            outputs.addAll(before);
            turns.removeLast();
        }
        outputs.add(output);
        turns.add(new ChatTurn(new Question.ToolOutputs(outputs)));
    }

    private static Optional<String> all(Optional<String> instructions, List<Item> items) {
        Stream<String> system = items.stream()
                .filter(item -> item.isFrom(Item.Role.SYSTEM))
                .flatMap(item -> item.parts().stream())
                .filter(Content.InputText.class::isInstance)
                .map(part -> ((Content.InputText) part).text());
        String text = Stream.concat(instructions.stream(), system).collect(Collectors.joining("\n"));
        return text.isBlank() ? Optional.empty() : Optional.of(text);
    }

    /**
     * The question to be answered, and the turns before it.
     *
     * @throws RefusedException if nothing is left to be answered
     */
    ChatHistory chat() {
        unheard.ifPresent(why -> {
            throw RefusedException.value(null, why);
        });
        if (turns.isEmpty() || !turns.getLast().reply().isEmpty()) {
            throw RefusedException.value(
                    null,
                    "response: expected something that the user said and that was not answered yet, found nothing");
        }
        return new ChatHistory(
                instructions,
                tools,
                turns.subList(0, turns.size() - 1),
                turns.getLast().question(),
                List.of());
    }
}
