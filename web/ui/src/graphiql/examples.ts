// What a newcomer sees in the GraphiQL page: a hint and ready operations, one a tab.

export const HINT = `# Кабинет НМО: GraphQL API.
#
# Войдите на странице кабинета в этом же браузере: запросы отсюда пойдут с той же сессией.
# Либо укажите внизу, во вкладке Headers, токен: {"Authorization": "Bearer …"}.
# Ctrl+Enter выполняет операцию, Ctrl+Space подсказывает поля, описания полей открывает книга слева.
`;

export const EXAMPLES: { query: string; variables?: string }[] = [
  { query: HINT + `\nquery WhoAmI {\n  viewer {\n    id\n  }\n}\n` },
];
