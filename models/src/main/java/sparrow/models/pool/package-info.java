/**
 * Many conversations with one model at once. A {@link sparrow.models.pool.ConversationPool} has one thread that owns the
 * model and answers all of them in one open batch; vocoder threads make the sound. Start with
 * {@link sparrow.models.pool.PooledConversation}: open, ask with a listener, cancel, truncate, close.
 *
 * <p>A conversation is a {@link sparrow.models.pool.ChatHistory}, a list of questions and replies that can be edited at
 * will; keys and values are only a cache of it. The next question keeps the prefix that it shares with a
 * {@link sparrow.models.pool.KvSlot}, and evicted tokens are prefilled again. So an interruption, a deleted
 * message and a full memory are one case.
 */
package sparrow.models.pool;
