/**
 * Many conversations with one model at once. A {@link sparrow.models.pool.ConversationPool} has one thread that owns the
 * model and answers all of them in one open batch; vocoder threads make the sound. Start with
 * {@link sparrow.models.pool.Conversation}: open, ask with a listener, cancel, truncate, close.
 *
 * <p>A conversation remembers a list of {@link sparrow.models.chat.ChatTurn}s, and asks each question with a
 * {@link sparrow.models.chat.ChatHistory} made of it. Keys and values are only a cache of this list. The next question keeps the prefix that it shares with a
 * {@link sparrow.models.pool.KvSlot}, and evicted tokens are prefilled again. So an interruption, a deleted
 * message and a full memory are one case.
 *
 * <p>The classes, from outside to inside:
 *
 * <ul>
 *   <li>Callers hold a {@link sparrow.models.pool.Conversation}, of a pool or alone, or a {@link sparrow.models.pool.KvSlot}, if they
 *       keep the chat themselves. The slot accepts one question at a time.
 *   <li>{@code Scheduler.turn} is the loop of the batch: it runs the commands of a {@code ModelThreadQueue}, admits replies within
 * {@code KvMemory} and {@code maxReplies}, and makes the pass that {@code BatchPlanner} plans by the times of a {@code
 *       CostModel}.
 *   <li>{@code PooledRequest} is one reply with its states, {@code ReplySpeech} its sound, which the threads of {@code VocoderPool} make. A
 *       {@link sparrow.models.pool.ReplyListener} is notified of both.
 * </ul>
 */
package sparrow.models.pool;
