package sparrow.models.family;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import sparrow.formats.text.TextStream;

/**
 * Finds the tool calls in the text tokens of one reply. A call comes out whole, or not at all. For one thread.
 */
public final class ToolCallReader {
    /** Of one call. */
    static final int MOST_CHARACTERS = 1 << 15;

    /** Of one reply. */
    static final int MOST_CALLS = 128;

    private final Optional<ToolFormat> format;
    private final Set<String> names;
    private final Supplier<TextStream> texts;
    private final StringBuilder body = new StringBuilder();
    private TextStream stream;
    private int begun;
    private boolean open;

    /**
     * A reader of one reply.
     *
     * @param format of the model; empty for a reply whose text is nothing but text
     * @param tools that it may call
     * @param texts gives a fresh decoder of tokens to text
     */
    public ToolCallReader(Optional<ToolFormat> format, List<Tool> tools, Supplier<TextStream> texts) {
        this.format = format.filter(_ -> !tools.isEmpty());
        this.names = tools.stream().map(Tool::name).collect(Collectors.toUnmodifiableSet());
        this.texts = texts;
    }

    /** True if a call was begun, from which on the reply says nothing more. */
    public boolean isCalling() {
        return begun > 0;
    }

    /** True if a call was begun that has not ended. */
    public boolean isOpen() {
        return open;
    }

    /**
     * Takes the next text token.
     *
     * @return the call that ends with it
     * @throws BadToolCallException if what ends is no call of an offered tool, or a call does not end
     */
    public Optional<ToolCall> accept(int id) {
        return format.flatMap(calls -> accept(id, calls));
    }

    private Optional<ToolCall> accept(int id, ToolFormat calls) {
        if (!open) {
            if (id == calls.begin()) begin();
            return Optional.empty();
        }
        body.append(id == calls.end() ? stream.finish() : stream.accept(id));
        if (body.length() > MOST_CHARACTERS) {
            throw new BadToolCallException("expected at most " + MOST_CHARACTERS + " characters, found no end");
        }
        return id == calls.end() ? Optional.of(end(calls)) : Optional.empty();
    }

    private void begin() {
        if (++begun > MOST_CALLS) throw new BadToolCallException("expected at most " + MOST_CALLS + " in a reply");
        open = true;
        body.setLength(0);
        stream = texts.get();
    }

    private ToolCall end(ToolFormat calls) {
        open = false;
        ToolCall call;
        try {
            call = calls.parse(body.toString());
        } catch (IllegalArgumentException e) {
            throw new BadToolCallException(e.getMessage());
        }
        if (names.contains(call.name())) return call;
        throw new BadToolCallException("expected one of the offered tools, found another name");
    }
}
