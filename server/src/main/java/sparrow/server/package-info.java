/**
 * A server for spoken conversations: OpenAI's Chat Completions with audio and its Realtime protocol, a page with a
 * microphone, and many conversations in one batched pass of the model.
 */
package sparrow.server;
