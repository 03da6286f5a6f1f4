/**
 * Spoken language models in LangChain4j. {@link sparrow.langchain4j.SparrowChatModel} answers a spoken or typed message
 * with text and audio, {@link sparrow.langchain4j.SparrowStreamingChatModel} streams the answer, and
 * {@link sparrow.langchain4j.SpeechToSpeechModel} answers a recording with a recording. All of them use a
 * {@link sparrow.models.pool.ConversationPool}, which lets many callers share one open model.
 *
 * <p>A system message is used as instructions, user recordings and user text as questions, and the model's earlier
 * replies as the exact ids that it generated.
 */
package sparrow.langchain4j;
