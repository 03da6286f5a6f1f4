/**
 * Spoken language models in LangChain4j. {@link sparrow.langchain4j.SparrowChatModel} answers a spoken or typed message with
 * text and sound, {@link sparrow.langchain4j.SparrowStreamingChatModel} while it decodes, and
 * {@link sparrow.langchain4j.SpeechToSpeechModel} is one recording in, one recording out. All of them stand on a
 * {@link sparrow.models.pool.ConversationPool}, so that many callers share one open model.
 *
 * <p>Messages become what the model follows: a system message to its instructions,
 * recordings and text to questions, and its own earlier replies to the very ids that it decided.
 */
package sparrow.langchain4j;
