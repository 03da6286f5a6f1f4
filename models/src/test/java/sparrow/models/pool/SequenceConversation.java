package sparrow.models.pool;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import sparrow.engine.decode.Decoder;
import sparrow.engine.decode.GenerationConfig;
import sparrow.engine.decode.Sequence;
import sparrow.engine.interleave.TokenSpace;
import sparrow.engine.interleave.Unit;
import sparrow.engine.reply.Reply;
import sparrow.engine.transformer.Span;
import sparrow.engine.transformer.Transformer;
import sparrow.models.Prompt;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.TurnPosition;
import sparrow.models.chat.TruncationStrategy;
import sparrow.models.chat.Window;

/**
 * A conversation without sound as one list of tokens, to which each turn is appended and from which truncation cuts. It shares
 * nothing with a pool, which compares chats and knows no list: the oracle of what a pool truncates.
 */
final class SequenceConversation {
    private final SpokenModel model;
    private final GenerationConfig config;
    private final Window window;
    private final Decoder decoder;
    private final TokenSpace tokens;
    private final List<Past> turns = new ArrayList<>();
    private Sequence sequence;
    private int system;

    /**
     * A turn in the list.
     *
     * @param lead tokens in front of it that end the turn before, and go where that goes
     * @param first token of the question, behind the lead
     * @param reply first token of the reply
     * @param end behind its last token
     */
    private record Past(int lead, int first, int reply, int end) {}

    SequenceConversation(SpokenModel model, GenerationConfig config, Window window) {
        this.model = model;
        this.config = config;
        this.window = window;
        this.decoder = new Decoder(model.languageModel(), config);
        this.tokens = model.languageModel().tokens();
    }

    Reply ask(Question question, List<Unit> forced) {
        Prompt first = model.prompt(question, TurnPosition.FIRST);
        Prompt later = model.prompt(question, TurnPosition.LATER);
        if (sequence != null) truncate(later.tokens().length);
        Prompt prompt = sequence == null ? first : later;
        if (sequence == null) sequence = model.begin(prompt);
        int before = turns.isEmpty() ? 0 : turns.getLast().end;
        Reply reply = decoder.reply(prompt.request(sequence).withForced(forced));
        if (turns.isEmpty()) system = first.shared();
        int[] alone = Arrays.copyOfRange(first.tokens(), first.shared(), first.tokens().length);
        int lead = turns.isEmpty() ? first.shared() : prompt.tokens().length - commonEnd(prompt.tokens(), alone);
        turns.add(new Past(lead, before + lead, before + prompt.tokens().length, sequence.tokens().length));
        return reply;
    }

    private static int commonEnd(int[] a, int[] b) {
        int common = 0;
        while (common < Math.min(a.length, b.length) && a[a.length - 1 - common] == b[b.length - 1 - common]) common++;
        return common;
    }

    private void truncate(int added) {
        int context = model.languageModel().transformer().config().contextLength();
        int[] list = sequence.tokens();
        boolean full = list.length + added > Window.maxPrompt(config.limits(), context);
        int most = full ? window.leftPrompt(config.limits(), context) : context;
        List<Window.Retention> retentions =
                window.retain(turns.size(), some -> Span.length(spans(list, some)) + added <= most);
        List<Span> kept = spans(list, retentions);
        if (Span.length(kept) == list.length) return;
        List<Past> before = List.copyOf(turns);
        turns.clear();
        for (int i = 0; i < before.size(); i++) {
            if (retentions.get(i) == Window.Retention.DROP) continue;
            Past turn = before.get(i);
            turns.add(new Past(
                    turns.isEmpty() ? 0 : turn.lead,
                    place(kept, turn.first),
                    place(kept, turn.reply),
                    place(kept, turn.end)));
        }
        if (turns.isEmpty()) sequence = null;
        else if (window.truncation() == TruncationStrategy.REPLAY) replay(list, kept);
        else sequence.retain(kept);
    }

    /** Computes anew all that stood behind the first gap. */
    private void replay(int[] list, List<Span> kept) {
        sequence.truncate(kept.getFirst().first() == 0 ? kept.getFirst().end() : 0);
        int[] left = kept.stream()
                .flatMapToInt(span -> Arrays.stream(list, span.first(), span.end()))
                .toArray();
        for (int at = sequence.length(); at < left.length; at++) {
            sequence.append(left[at]);
            if (sequence.pending() >= Transformer.PASS_POSITIONS) sequence.runPending();
        }
        sequence.runPending();
    }

    private List<Span> spans(int[] list, List<Window.Retention> retentions) {
        List<Span> spans = new ArrayList<>();
        add(spans, 0, system);
        for (int i = 0; i < turns.size(); i++) {
            Past turn = turns.get(i);
            boolean follows = i > 0 && retentions.get(i - 1) != Window.Retention.DROP;
            int first = follows ? turn.first - turn.lead : turn.first;
            switch (retentions.get(i)) {
                case FULL -> add(spans, first, turn.end);
                case TEXT -> {
                    add(spans, first, turn.reply);
                    for (int at = turn.reply; at < turn.end; at++)
                        if (!tokens.isSpeech(list[at])) add(spans, at, at + 1);
                }
                case DROP -> {}
            }
        }
        return spans;
    }

    private static void add(List<Span> spans, int first, int end) {
        if (first == end) return;
        boolean joins = !spans.isEmpty() && spans.getLast().end() == first;
        spans.add(joins ? new Span(spans.removeLast().first(), end) : new Span(first, end));
    }

    private static int place(List<Span> spans, int token) {
        return spans.stream()
                .mapToInt(span -> Math.clamp(token - span.first(), 0, span.length()))
                .sum();
    }
}
