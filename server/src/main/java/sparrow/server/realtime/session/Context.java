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
 * A conversation's items in the form that a model requires: questions, each with its reply. All instructions are
 * joined, because a model family has at most one system turn. Assistant messages before the first question are omitted.
 *
 * @param items the items from which the context was created
 * @param instructions the session's instructions, followed by the instructions in system items
 * @param exchanges one list of turns for each user item and the items after it; empty for a recording without speech
 * @param unheard the reason why the user's last recording cannot be encoded
 */
record Context(
        List<Item> items,
        Optional<String> instructions,
        List<Tool> tools,
        List<List<ChatTurn>> exchanges,
        Optional<String> unheard) {
    /**
     * Divisor of the context length. A reply requires 1/{@code FREE_PART} of the context, or its maximum length if that
     * is shorter.
     */
    private static final int FREE_PART = 8;

    /** A chat history that fits into the model's context, with the items that remain in the context. */
    record Fitting(Window.Fitting chat, List<Item> items) {}

    /** Returns the context for the given items, without recordings that have not been encoded yet. */
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

    /** Adds a tool output. The outputs of all calls in a reply form one question. */
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

    /** Returns the index of the exchange that contains the last turn, or -1 if there is no turn. */
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

    /** Returns all turns, in order. */
    List<ChatTurn> turns() {
        return exchanges.stream().flatMap(List::stream).toList();
    }

    /**
     * Returns this context, or, if it contains no question to answer, a context in which the instructions are a typed
     * question. A client greets its user in this way.
     *
     * @param followed whether the model follows instructions
     */
    Context orInstructions(boolean followed) {
        if (!followed || isAsked() || instructions.isEmpty()) return this;
        List<List<ChatTurn>> asked = new ArrayList<>(exchanges);
        asked.add(List.of(new ChatTurn(new Question.Typed(instructions.get()))));
        return new Context(items, Optional.empty(), tools, asked, unheard);
    }

    /** Returns whether there is a question to answer. */
    boolean isAsked() {
        int last = answered(exchanges);
        return last >= 0 && exchanges.get(last).getLast().reply().isEmpty();
    }

    /**
     * Checks that the user's last recording could be encoded.
     *
     * @throws RefusedException if it could not
     */
    void requireHeard() {
        unheard.ifPresent(why -> {
            throw RefusedException.value(null, why);
        });
    }

    /**
     * Returns the chat history for the question to answer. If it does not fit into the model's context or the window,
     * the oldest exchanges are dropped. There must be a question.
     *
     * @throws RefusedException if the question alone does not fit
     * @throws IllegalArgumentException if the model cannot encode a question
     */
    Fitting fit(ConversationBackend model, Window window, GenerationConfig config) {
        int last = answered(exchanges);
        List<ChatTurn> newest = exchanges.get(last);
        ChatHistory asked = new ChatHistory(
                instructions,
                tools,
                newest.subList(0, newest.size() - 1),
                newest.getLast().question());
        Window.Fitting fitting = window.fit(model, exchanges.subList(0, last), asked, config);
        int context = model.contextLength();
        int max = context - Math.min(config.limits().newTokens(), context / FREE_PART);
        if (fitting.length() > max) {
            throw new RefusedException(
                    "context_length_exceeded",
                    null,
                    "the conversation takes " + fitting.length() + " tokens; expected at most " + max
                            + " to leave room for a reply");
        }
        return new Fitting(fitting, retained(model, fitting.retentions()));
    }

    /** Returns the items that are retained, including all instructions. */
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
