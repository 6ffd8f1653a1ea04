/** One answer for each message of the process that started this one; see `startProcess`. */
export function answerQuestions(answer) {
  process.on('message', (question) => {
    const reply = answer(question).catch((error) => ({ error: String(error) }));
    void reply.then((told) => process.send(told));
  });
  process.send('ready');
}
