/**
 * Spoken language models in LangChain4j. {@link sparrow.langchain4j.SparrowChatModel} answers a spoken or typed message with
 * text and sound, {@link sparrow.langchain4j.SparrowStreamingChatModel} while it decodes, and
 * {@link sparrow.langchain4j.SpeechToSpeechModel} is one recording in, one recording out. All of them stand on a
 * {@link sparrow.models.pool.ConversationPool}, so that many callers share one open model.
 *
 * <p>A system message becomes the instructions, recordings and text become questions, and the model's own earlier replies
 * become the very ids that it decided.
 */
package sparrow.langchain4j;
