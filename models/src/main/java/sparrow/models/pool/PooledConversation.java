package sparrow.models.pool;

import java.util.ArrayList;
import java.util.List;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.Window;

/**
 * A conversation of a {@link ConversationPool}, turn by turn. Safe for every thread; one reply at a time.
 */
public final class PooledConversation implements AutoCloseable {
    private final SpokenModel model;
    private final KvSlot slot;
    private final ReplyOptions options;
    private final ChatWindow window;

    /** Guarded by this, as the next one. */
    private final List<ChatTurn> history = new ArrayList<>();

    /** True if a reply is under way that does not belong to the history yet. */
    private boolean asking;

    PooledConversation(SpokenModel model, KvSlot slot, ReplyOptions options, Window window) {
        this.model = model;
        this.slot = slot;
        this.options = options;
        this.window = new ChatWindow(model, window);
    }

    /**
     * Asks and returns at once, or after the question was encoded. The reply, whole or cancelled, belongs to the
     * conversation. If that has become too long for the context or its window, its oldest turns are truncated
     * first.
     *
     * @throws IllegalArgumentException if the question cannot be understood, or the conversation does not fit context or
     *     memory
     * @throws IllegalStateException if another reply is under way, or the conversation is closed
     * @throws PoolFullException if too many replies wait
     */
    public ReplyHandle ask(Question question, ReplyListener listener) {
        return ask(question, options, listener).reply();
    }

    /**
     * A reply on its way.
     *
     * @param chat that it answers
     * @param truncation of the conversation, which made room for it
     */
    record Asked(ReplyHandle reply, ChatHistory chat, Truncation truncation) {}

    /** The same with options of this reply alone. */
    Asked ask(Question question, ReplyOptions how, ReplyListener listener) {
        Question encoded = model.encode(question);
        synchronized (this) {
            if (asking) {
                throw new IllegalStateException("another reply of this conversation is under way; expected none");
            }
            asking = true;
        }
        try {
            ChatWindow.Fitting fitting = window.fit(history(), encoded, how.config());
            ReplyHandle reply =
                    slot.ask(fitting.chat(), how, ReplyListener.both(new Remembering(fitting.chat()), listener));
            return new Asked(reply, fitting.chat(), fitting.truncation());
        } catch (RuntimeException | Error e) {
            answered();
            throw e;
        }
    }

    /** The last turn stays as it is, which may have been cut meanwhile. */
    private void retainOnly(List<ChatTurn> left) {
        ChatTurn last = history.isEmpty() ? null : history.getLast();
        history.clear();
        history.addAll(left);
        if (!left.isEmpty()) history.set(left.size() - 1, last);
    }

    private synchronized void answered() {
        asking = false;
    }

    /**
     * Cuts the last reply to what was heard of it: the text in front of that stays, since it led to what was heard. The next
     * turn follows there. Nothing happens if all of it was heard, or there is none.
     *
     * @param heardSeconds sound of the reply that was played
     */
    public synchronized void truncate(double heardSeconds) {
        if (!(heardSeconds >= 0)) {
            throw new IllegalArgumentException("heard seconds: expected 0 or more, got " + heardSeconds);
        }
        if (history.isEmpty()) return;
        ChatTurn last = history.removeLast();
        history.add(new ChatTurn(last.question(), SpokenPart.of(model, last.reply(), heardSeconds)));
    }

    /** Questions and replies so far, as far as they are remembered. */
    public synchronized List<ChatTurn> history() {
        return List.copyOf(history);
    }

    /** Cancels what is under way and frees keys and values. */
    @Override
    public void close() {
        slot.close();
    }

    /** Puts the reply into the history, before the listener hears of its end. */
    private final class Remembering implements ReplyListener {
        private final ChatHistory chat;

        Remembering(ChatHistory chat) {
            this.chat = chat;
        }

        @Override
        public void ended(PooledReply reply) {
            synchronized (PooledConversation.this) {
                retainOnly(chat.earlier());
                history.add(new ChatTurn(chat.question(), reply.units()));
                asking = false;
            }
        }

        @Override
        public void failed(RuntimeException failure) {
            answered();
        }
    }
}
