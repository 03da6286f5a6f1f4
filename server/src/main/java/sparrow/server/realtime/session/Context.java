package sparrow.server.realtime.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sparrow.engine.decode.GenerationConfig;
import sparrow.engine.interleave.Unit;
import sparrow.models.Question;
import sparrow.models.chat.ChatHistory;
import sparrow.models.chat.ChatTurn;
import sparrow.models.chat.Window;
import sparrow.models.family.Tool;
import sparrow.server.message.RefusedException;
import sparrow.server.realtime.event.Content;
import sparrow.server.realtime.event.Item;
import sparrow.server.realtime.event.Recording;
import sparrow.server.realtime.event.Recording.Heard;

/**
 * Items as a model takes them: questions, each with its reply. A family has one system turn at most, so all instructions stand
 * there; words of the assistant before the first question have no place.
 *
 * @param items of which it is made
 * @param instructions the session's, then those of system items
 * @param exchanges the turns of each item of the user and of the items after it; none of a recording in which the model heard nothing
 * @param unheard why the last recording of the user cannot be understood
 */
record Context(
        List<Item> items,
        Optional<String> instructions,
        List<Tool> tools,
        List<List<ChatTurn>> exchanges,
        Optional<String> unheard) {
    /** Part of the context that must be free for the reply, or the reply's limit if that is less. */
    private static final int FREE_PART = 8;

    /**
     * A chat that fits the context of the model.
     *
     * @param items the retained items, as they belong to the context from now on
     */
    record Fitting(ChatHistory chat, List<Item> items) {}

    /** Leaves out recordings to which the model has not listened yet. */
    static Context of(Optional<String> instructions, List<Tool> tools, List<Item> items) {
        List<List<ChatTurn>> exchanges = new ArrayList<>();
        Optional<String> unheard = Optional.empty();
        for (Item item : items) {
            if (item.isFrom(Item.Role.USER)) exchanges.add(new ArrayList<>());
            switch (item) {
                case Item.Message _ -> {}
                case Item.FunctionCall call -> reply(exchanges, call.units());
                case Item.FunctionOutput output -> output(exchanges, output.output());
            }
            for (Content part : item.parts()) {
                switch (part) {
                    case Content.InputText(String text)
                    when item.isFrom(Item.Role.USER) -> {
                        exchanges.getLast().add(new ChatTurn(new Question.Typed(text)));
                        unheard = Optional.empty();
                    }
                    case Content.InputText _ -> {}
                    case Recording recording -> {
                        switch (recording.heard()) {
                            case Heard.Something(Question question, long _) -> {
                                exchanges.getLast().add(new ChatTurn(question));
                                unheard = Optional.empty();
                            }
                            case Heard.Nothing(String why) -> unheard = Optional.of(why);
                            case Heard.NotYet() -> {}
                        }
                    }
                    case Content.OutputText(String _, List<Unit> units) -> reply(exchanges, units);
                    case Content.OutputAudio(String _, List<Unit> units, long _) -> reply(exchanges, units);
                }
            }
        }
        return new Context(items, all(instructions, items), tools, exchanges, unheard);
    }

    private static void reply(List<List<ChatTurn>> exchanges, List<Unit> units) {
        int exchange = answered(exchanges);
        if (exchange < 0) return;
        ChatTurn last = exchanges.get(exchange).removeLast();
        List<Unit> reply = new ArrayList<>(last.reply());
        reply.addAll(units);
        exchanges.get(exchange).add(new ChatTurn(last.question(), reply));
    }

    /** Outputs of one reply's calls are one question. */
    private static void output(List<List<ChatTurn>> exchanges, String output) {
        int exchange = answered(exchanges);
        if (exchange < 0) return;
        List<String> outputs = new ArrayList<>();
        ChatTurn last = exchanges.get(exchange).getLast();
        if (last.reply().isEmpty() && last.question() instanceof Question.ToolOutputs(List<String> before)) {
            outputs.addAll(before);
            exchanges.get(exchange).removeLast();
        }
        outputs.add(output);
        exchanges.get(exchange).add(new ChatTurn(new Question.ToolOutputs(outputs)));
    }

    /** The exchange of the last turn; -1 if there is no turn. */
    private static int answered(List<List<ChatTurn>> exchanges) {
        int exchange = exchanges.size() - 1;
        while (exchange >= 0 && exchanges.get(exchange).isEmpty()) exchange--;
        return exchange;
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

    /** All turns, in order. */
    List<ChatTurn> turns() {
        return exchanges.stream().flatMap(List::stream).toList();
    }

    /** @throws RefusedException if nothing is left to be answered */
    void requireQuestion() {
        unheard.ifPresent(why -> {
            throw RefusedException.value(null, why);
        });
        int last = answered(exchanges);
        if (last < 0 || !exchanges.get(last).getLast().reply().isEmpty()) {
            throw RefusedException.value(
                    null,
                    "response: expected something that the user said and that was not answered yet, found nothing");
        }
    }

    /**
     * The chat of the question that is to be answered. If it does not fit the context of the model or the window, the oldest
     * exchanges are dropped.
     *
     * @throws RefusedException if nothing is to be answered, or it does not fit
     * @throws IllegalArgumentException if a question cannot be understood
     */
    Fitting fit(ConversationBackend model, Window window, GenerationConfig config) {
        requireQuestion();
        int last = answered(exchanges);
        List<ChatTurn> newest = exchanges.get(last);
        ChatHistory asked = new ChatHistory(
                instructions,
                tools,
                newest.subList(0, newest.size() - 1),
                newest.getLast().question(),
                List.of());
        Window.Fitting fitting = window.fit(model, exchanges.subList(0, last), asked, config);
        int context = model.contextLength();
        int most = context - Math.min(config.limits().newTokens(), context / FREE_PART);
        if (fitting.length() > most) {
            throw new RefusedException(
                    "context_length_exceeded",
                    null,
                    "the conversation takes " + fitting.length() + " tokens; expected at most " + most
                            + ", which leave room for a reply");
        }
        return new Fitting(fitting.chat(), retained(model, fitting.retentions()));
    }

    /** The retained part of the items; instructions always stay. */
    private List<Item> retained(ConversationBackend model, List<Window.Retention> retentions) {
        List<Item> left = new ArrayList<>();
        int exchange = -1;
        for (Item item : items) {
            if (item.isFrom(Item.Role.USER)) exchange++;
            boolean older = exchange >= 0 && exchange < retentions.size();
            switch (older ? retentions.get(exchange) : Window.Retention.FULL) {
                case FULL -> left.add(item);
                case TEXT -> left.add(item.mapUnits(model::words));
                case DROP -> {
                    if (item.isFrom(Item.Role.SYSTEM)) left.add(item);
                }
            }
        }
        return left;
    }
}
