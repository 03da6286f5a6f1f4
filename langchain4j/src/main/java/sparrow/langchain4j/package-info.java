/**
 * Spoken language models in LangChain4j. {@link sparrow.langchain4j.SparrowChatModel} answers a spoken or typed message
 * with text and sound, {@link sparrow.langchain4j.SparrowStreamingChatModel} streams the answer, and {@link
 * sparrow.langchain4j.SpeechToSpeechModel} answers a recording with a recording. All of them use a {@link
 * sparrow.models.pool.ConversationPool}, through which many callers share one open model.
 *
 * <p>A system message becomes the instructions, recordings and texts become questions, and the model's earlier replies
 * become the exact ids that it generated.
 */
package sparrow.langchain4j;
