/**
 * Many conversations with one model at once. A {@link sparrow.models.pool.ConversationPool} has one thread that owns the
 * model and answers all of them in one open batch; vocoder threads make the sound. Start with
 * {@link sparrow.models.pool.PooledConversation}: open, ask with a listener, cancel, truncate, close.
 *
 * <p>A conversation is a {@link sparrow.models.pool.ChatHistory}, a list of questions and replies that can be edited at
 * will; keys and values are only a cache of it. The next question keeps the prefix that it shares with a
 * {@link sparrow.models.pool.KvSlot}, and evicted tokens are prefilled again. So an interruption, a deleted
 * message and a full memory are one case.
 *
 * <p>The classes, from outside to inside:
 *
 * <ul>
 *   <li>Callers hold a {@link sparrow.models.pool.PooledConversation}; a {@link sparrow.models.pool.KvSlot}, if they keep the chat
 *       themselves; or a {@link sparrow.models.pool.Conversation}, which is a pool of one on the thread that asks.
 *   <li>{@code ChatPrompt} is the token list of a chat. {@code ChatWindow} fits a chat into the context, and {@code Eviction} finds what is
 *       left in the keys and values of the whole one.
 *   <li>{@code Scheduler.turn} is the loop of the batch: it takes {@code Commands}, admits replies within {@code KvMemory} and {@code
 *       ActiveLimit}, and makes the pass that {@code BatchPlanner} plans by the times of a {@code CostModel}.
 *   <li>{@code PooledRequest} is one reply with its states, {@code ReplySpeech} its sound, which {@code VocoderPool}'s threads make. A
 *       {@link sparrow.models.pool.ReplyListener} hears both.
 * </ul>
 */
package sparrow.models.pool;
